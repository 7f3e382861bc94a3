import type { Fact } from '../../checks/fact.ts'
import type { PublicPage } from '../../config/public-page.ts'
import type { CallTarget } from '../../config/target/calls.ts'
import type { Severity } from '../../config/target/severity.ts'
import type { CertificateClock, CredentialClock } from './clocks.ts'
import type { ElsewhereStatus, LocationStatus } from './location.ts'
import type { ChangeBefore, Mark } from './marks.ts'
import type { WithCommands } from './shown-run.ts'
import type { KnownOfFailing } from './failing.ts'
import type { SilencedMark } from './silences.ts'
import type { VendorAdmission, VendorSaid } from './vendor.ts'

/**
 * What the status page, its JSON and its badges are made of. Everything in it may be shown to everyone who may see the page: messages,
 * instances and links are without secrets. Durations are seconds, ratios 0 to 1, days are those of UTC.
 */
export interface StatusSource {
  /** All targets that are checked or paused, in the order of the configuration. */
  readonly overview: () => Promise<readonly TargetStatus[]>
  /** Undefined where no target has the name. */
  readonly target: (name: string) => Promise<TargetDetail | undefined>
  /** The newest checks that this process made of a target, the oldest of them first. */
  readonly beats: (name: string) => readonly Beat[]
  /** All targets without a check, which are judged on calls alone, in the order of the configuration. */
  readonly calls: () => readonly CallsStatus[]
  /** Undefined where no target without a check has the name. */
  readonly callsTarget: (name: string) => Promise<CallsDetail | undefined>
  /** Targets that only other locations watch, in the order of their names. */
  readonly elsewhere: () => Promise<readonly ElsewhereStatus[]>
  /** What is stored of a target, as it is seen from a location; undefined where there is nothing. */
  readonly seenFrom: (name: string, location: string) => Promise<SeenFrom | undefined>
  /** What programs call and no target has asked for, by the names that they report, and how often. */
  readonly unmatchedCalls: () => ReadonlyMap<string, number>
  /** What is stored of a target that is no longer watched. Undefined where there is nothing, and where the target is watched. */
  readonly former: (name: string) => Promise<FormerTarget | undefined>
  /** Undefined where no target has the name. Empty without a history, and of a target without a check. */
  readonly series: (name: string, range: SeriesRange) => Promise<LatencySeries | undefined>
  /** The newest first. Without a history: the ongoing ones that this process has seen. */
  readonly incidents: (query: IncidentQuery) => Promise<readonly Incident[]>
  /** Whether there is a past to show, and why not. */
  readonly history: () => HistoryState
  /** Results from then on are stored but not added up: bars, charts and incidents are without them. Undefined: they have all. */
  readonly pendingSince: () => Date | undefined
  /** The pages that anybody may see. They may name targets that are not there. */
  readonly publicPages: () => readonly PublicPage[]
}

/** What is stored of a target, as it is seen from one location. */
export type SeenFrom = Pick<TargetStatus, 'availability' | 'latency'>

/**
 * `none`: results are not stored, so there is only the last one of each target. `starting`: the store opens. `ready`.
 * `unavailable`: the store did not answer when it was last asked; what is shown is without it.
 */
export const historyStates = ['none', 'starting', 'ready', 'unavailable'] as const
export type HistoryState = (typeof historyStates)[number]

/**
 * `up`: the last check succeeded. `degraded`: it did, but it or the median of the last ten minutes took longer than expected.
 * `down`: it failed. `pending`: not checked yet, or not for more than two intervals, or a job that has never called and is not late.
 * `paused`: it is not checked, because its configuration says so.
 */
export const targetStates = ['up', 'degraded', 'down', 'pending', 'paused'] as const
export type TargetState = (typeof targetStates)[number]

/** One target at a glance. */
export interface TargetStatus {
  readonly name: string
  /** Its address without userinfo, query and fragment, or its command. */
  readonly instance: string
  /** How it is checked: `http`, `command`, ... */
  readonly kind: string
  readonly labels: Readonly<Record<string, string>>
  readonly severity: Severity
  readonly intervalSeconds: number
  readonly state: TargetState
  /** It is `pending` because its job has never called and is not late. Absent: it is not. */
  readonly awaited?: true
  /** Since when checks have succeeded or failed; absent if unknown. */
  readonly since?: Date
  /** When the current maintenance of the target ends; absent outside of one. */
  readonly maintenanceUntil?: Date
  /** Absent where messages about it are not held back. */
  readonly silenced?: SilencedMark
  /** Absent before the first check. */
  readonly last?: LastCheck
  readonly expectation: ShownExpectation
  /**
   * Seconds: the median of checks that succeeded, in each hour that began in the last 24, the oldest first; null where there was
   * none. Empty without a history.
   */
  readonly sparkline: readonly (number | null)[]
  /** 90 days, today last. Empty without a history. */
  readonly days: readonly DayBar[]
  readonly availability: Availability
  /** Of checks that succeeded in the last 24 hours, within 1 %; absent where there was none. */
  readonly latency: { readonly p50Seconds?: number; readonly p95Seconds?: number }
  /** Present while checks fail. */
  readonly openIncident?: Incident
  /** Present where calls of programs belong to it too. `lastCallAt` is absent if this process has seen none. */
  readonly calls?: { readonly lastCallAt?: Date; readonly recent: Pick<RecentCallsView, 'calls' | 'errors'> }
  /** Present where somebody reads what its vendor says of itself. */
  readonly vendor?: VendorSaid
  /** Present where the history has checks of the last day from several locations, in the order of their names. */
  readonly locations?: readonly LocationStatus[]
}

export interface LastCheck {
  readonly at: Date
  readonly durationSeconds: number
  readonly success: boolean
  /** Why it failed; present exactly where it did. */
  readonly reason?: string
  readonly message?: string
  /** Of HTTP; absent without an answer. */
  readonly statusCode?: number
}

/** One check. */
export interface Beat {
  readonly at: Date
  /** How long it took; null where it failed. */
  readonly seconds: number | null
}

export interface ShownExpectation {
  /** Null: any. */
  readonly maxLatencySeconds: number | null
  readonly maxErrorRatio: number
  readonly slo: number
}

export interface DayBar {
  /** `2026-11-21`. */
  readonly day: string
  readonly checks: number
  readonly failures: number
  /** Null where nothing was seen. */
  readonly availability: number | null
  /** Nothing was seen: neither up nor down. */
  readonly unobserved: boolean
}

/** Shares of checks that succeeded; null where there was none. */
export interface Availability {
  /** Of whole hours: those that began in the last 24 hours. */
  readonly last24h: number | null
  /** Of whole days, today included. */
  readonly last30d: number | null
  readonly last90d: number | null
}

/** From a first failed check to the first that succeeds. */
export interface Incident extends WithCommands {
  readonly target: string
  readonly startedAt: Date
  /** Absent while it lasts. */
  readonly endedAt?: Date
  /** Until now, while it lasts. */
  readonly durationSeconds: number
  /** Whether it began in a maintenance of the target. Absent: it did not. */
  readonly inMaintenance?: boolean
  /** The target was removed or paused while it failed: `endedAt` is its last check, and nobody knows when it recovered. Absent: it was not. */
  readonly noLongerWatched?: boolean
  readonly firstFailure: Evidence
  readonly lastFailure: Evidence
  /** The last change of the target in the hour before it, as marks say. Absent: none is known. */
  readonly after?: ChangeBefore
  /** Whether the vendor admitted it; absent where nobody read then what it says of itself. */
  readonly admission?: VendorAdmission
}

/** The past of a target that was removed from the configuration. */
export interface FormerTarget extends Pick<TargetStatus, 'name' | 'days' | 'availability'> {
  /** Its last check. */
  readonly noLongerWatchedSince: Date
  readonly lastSucceeded: boolean
  /** The newest first, at most 50, of the last 90 days. */
  readonly incidents: readonly Incident[]
}

/** What a check that failed has said. */
export interface Evidence {
  readonly at: Date
  readonly reason: string
  readonly message: string
  /** Of HTTP; absent without an answer, and of last failures that are over. */
  readonly statusCode?: number
}

/** All that is known of one target. */
export interface TargetDetail extends TargetStatus, KnownOfFailing, WithCommands {
  /** Where it is probed from. */
  readonly location?: string
  readonly runbook?: string
  /** What the last check has seen that only its kind sees, in the order to show it. Empty before the first check. */
  readonly facts: readonly Fact[]
  /** Of the last check, in the order of its steps; a phase that was not reached is missing. */
  readonly phases?: Readonly<Record<string, number>>
  /** Of the last check, where TLS was seen. */
  readonly certificate?: CertificateClock
  /** Credentials of the last check that end. */
  readonly credentials: readonly CredentialClock[]
  /** `expect:` in the words of the configuration, defaults included. */
  readonly expectations: Readonly<Record<string, unknown>>
  /** The newest first, at most 50, of the last 90 days. */
  readonly incidents: readonly Incident[]
}

/**
 * `failing`: the alert CallsErrorRateHigh fires. `slow`: CallsSlow does. `silent`: CallsMissing does. `up`: there are calls, and none does. `quiet`: there were
 * calls, but none within the last ten minutes. `unseen`: none since this process started. `paused`: they are not judged.
 */
export const callsStates = ['failing', 'slow', 'silent', 'quiet', 'unseen', 'up', 'paused'] as const
export type CallsState = (typeof callsStates)[number]

/** A target that is judged on calls alone, at a glance. Durations are seconds, ratios 0 to 1. */
export interface CallsStatus extends Pick<TargetStatus, 'name' | 'labels' | 'severity' | 'vendor'> {
  /** Tells it from a target that is checked. */
  readonly kind: 'calls'
  /** Which calls are its own: the regexes of `calls:`. */
  readonly match: Readonly<Partial<Record<keyof CallTarget['match'], string>>>
  readonly state: CallsState
  /** Since when the alert fires; present while one does. */
  readonly since?: Date
  readonly expectation: {
    /** For 95% of the calls; absent where nothing is expected. */
    readonly maxLatencySeconds?: number
    readonly maxErrorRatio: number
  }
  /** Of the last ten minutes. */
  readonly recent: RecentCallsView
  /** Absent where none was seen since this process started. */
  readonly lastCallAt?: Date
}

/** All that is known of one that is judged on calls alone. */
export interface CallsDetail extends CallsStatus, WithCommands {
  readonly runbook?: string
  /** The newest first. */
  readonly incidents: readonly Incident[]
}

/** Counts of the last ten minutes. */
export interface RecentCallsView {
  readonly calls: number
  readonly errors: number
  /** Calls that do not say how they ended. */
  readonly unknown: number
  /** Calls that took longer than is expected. */
  readonly overLimit: number
  /** Of the calls that did not fail, within 1 %; absent where there was none. */
  readonly p95Seconds?: number
}

export interface SeriesRange {
  readonly from: Date
  readonly to: Date
}

/** Latency over time. */
export interface LatencySeries {
  readonly target: string
  readonly from: Date
  readonly to: Date
  /** Single checks, as few as a chart needs, up to two days; else hours. */
  readonly resolution: 'checks' | 'hours'
  /** What one point stands for; 0 where it is one check. */
  readonly stepSeconds: number
  /** Null: any. */
  readonly maxLatencySeconds: number | null
  /** In order of time. */
  readonly points: readonly SeriesPoint[]
  /** What has changed in it, the newest first. */
  readonly marks: readonly Mark[]
}

export interface SeriesPoint {
  /** When the step begins. */
  readonly at: Date
  /** 0: nothing was seen from here to the next point. */
  readonly checks: number
  readonly failures: number
  /** Of checks that succeeded; null where there was none. */
  readonly p50Seconds: number | null
  /** Of all checks; null where there was none. */
  readonly maxSeconds: number | null
}

export interface IncidentQuery {
  /** Incidents that had ended by then are left out. */
  readonly from?: Date
  /** Incidents that had not begun by then are left out. */
  readonly to?: Date
  readonly target?: string
  /** How many at most. */
  readonly limit: number
}
