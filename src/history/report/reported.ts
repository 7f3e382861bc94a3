import type { StoredSilence } from '../write/silences.ts'
import type { Admission, Admissions } from '../vendors/states.ts'
import type { CallsMeasured } from './calls.ts'
import type { CommandReport } from './commands.ts'
import type { DayReport } from './daily.ts'
import type { Incident } from './data.ts'
import type { Measured } from './measure.ts'
import type { SideBySide } from './side-by-side.ts'

/** One target as seen from one place. */
export interface EndpointReport extends Measured {
  readonly target: string
  readonly location: string
  /** Seconds down beyond what the vendor's promise allows; absent without a promise. */
  readonly overBudgetSeconds?: number
}

export interface IncidentReport extends Incident {
  readonly target: string
  readonly location: string
  /** Seconds of it that were observed, within the period. */
  readonly downSeconds: number
  /** Whether the vendor admitted it; absent where nobody read what it says of itself. */
  readonly admission?: Admission
}

/** What programs have seen, in addition to what probes have. */
export interface CallsReport extends CallsMeasured {
  readonly previous: CallsMeasured
  /** Those with the most errors first. */
  readonly endpoints: readonly EndpointCalls[]
}

/** The calls of one target, as one place has received them. */
export interface EndpointCalls extends CallsMeasured {
  readonly target: string
  readonly location: string
  /** Absent where it was not checked from there. */
  readonly checks?: Measured
}

/** One vendor; its seconds are the means of its endpoints. */
export interface VendorReport extends Measured {
  /** The label `vendor` of the targets; empty for those without. */
  readonly vendor: string
  /** 0 to 1, as promised. */
  readonly sla?: number
  /** Whether availability and budget are without the time in maintenance; seconds and incidents always have it. */
  readonly slaExcludesMaintenance: boolean
  readonly url?: string
  /** Seconds that may be down, of those that count. */
  readonly budgetSeconds?: number
  readonly overBudgetSeconds?: number
  /** Mean time to recovery, of incidents that ended in the period. */
  readonly mttrSeconds?: number
  readonly previous: Measured
  /** The worst first. */
  readonly endpoints: readonly EndpointReport[]
  /** Targets that were checked from several locations. */
  readonly sideBySide: readonly SideBySide[]
  /** Absent where no program has reported a call in the period. */
  readonly calls?: CallsReport
  /** In the order of their beginning. */
  readonly incidents: readonly IncidentReport[]
  /** Which of its alerts were silenced or acknowledged, in the order of their beginning. */
  readonly silences: readonly StoredSilence[]
  /** How many of the incidents the vendor admitted; absent where nobody read what it says of itself. */
  readonly admissions?: Admissions
  /** What commands that repair did for its targets; absent where none ran. */
  readonly commands?: readonly CommandReport[]
  /** The days of the period in the time zone, in their order. */
  readonly days: readonly DayReport[]
  /** Hour of the day in the time zone, 0 to 23. */
  readonly failuresByHour: readonly { readonly checks: number; readonly failures: number }[]
  /** The most frequent first. */
  readonly failuresByReason: Readonly<Record<string, number>>
}

export interface Report {
  /** `2026-10`, `2026-W44`, or two times with a slash between them. */
  readonly period: string
  /** The same; absent where it is not a month. */
  readonly month?: string
  readonly timeZone: string
  readonly from: Date
  /** The end of the period, or the moment of the report where it is not over. */
  readonly to: Date
  readonly previousPeriod: string
  /** Absent where the period is not a month. */
  readonly previousMonth?: string
  readonly generatedAt: Date
  /** Results from then on are stored but not added up: the report is without them. Absent where it has all of them. */
  readonly pendingSince?: Date
  /** First those furthest beyond their promise: with whom to talk. */
  readonly vendors: readonly VendorReport[]
}
