import type { ElsewherePast, LocationPast } from './location.ts'
import type { Mark } from './marks.ts'
import type { VendorAdmission } from './vendor.ts'
import type {
  Availability,
  DayBar,
  Evidence,
  Incident,
  IncidentQuery,
  LastCheck,
  SeriesPoint,
  SeriesRange,
  TargetStatus,
} from './status.ts'

/** What the history says. Its questions may fail, or take as long as the database does. */
export interface Past {
  /** Whether it can be asked. */
  readonly isOpen: () => boolean
  /** Results from then on are not added up, and should be. */
  readonly pendingSince: () => Date | undefined
  /** By target, as it is seen from a location, by default this one; those that were never checked from there are missing. */
  readonly overview: (
    targets: readonly string[],
    location?: string,
  ) => Promise<ReadonlyMap<string, TargetPast>>
  /** By target, what is seen of it from each of its locations, this one included. */
  readonly locations: (targets: readonly string[]) => Promise<ReadonlyMap<string, readonly LocationPast[]>>
  /** Targets that only other locations watch, apart from those with these names. */
  readonly elsewhere: (known: readonly string[]) => Promise<readonly ElsewherePast[]>
  readonly series: (target: string, range: SeriesRange) => Promise<PastSeries>
  /** The newest first. Without targets: of all that were ever checked. */
  readonly incidents: (
    targets: readonly string[] | undefined,
    query: Omit<IncidentQuery, 'target'>,
  ) => Promise<readonly PastIncident[]>
  /** What has changed in a range. */
  readonly marks: (range: SeriesRange) => Promise<readonly Mark[]>
  /** Whether vendors admitted incidents, in their order. */
  readonly admissions: (
    incidents: readonly (Pick<Incident, 'startedAt' | 'endedAt'> & { readonly vendor: string })[],
  ) => Promise<readonly (VendorAdmission | undefined)[]>
}

/** The past of a target at a glance. */
export interface TargetPast extends Pick<TargetStatus, 'latency' | 'sparkline'> {
  readonly last: Omit<LastCheck, 'durationSeconds'> & Partial<Pick<LastCheck, 'durationSeconds'>>
  /** The first check with the outcome of the newest. */
  readonly change: Omit<TargetPast['last'], 'durationSeconds'> & Pick<Incident, 'inMaintenance'>
  readonly days: readonly DayBar[]
  readonly availability: Availability
}

export type PastIncident = Omit<Incident, 'durationSeconds'>

export interface PastSeries {
  readonly resolution: 'checks' | 'hours'
  readonly stepSeconds: number
  readonly points: readonly SeriesPoint[]
}

/** What a check that failed has said, as it is stored. */
export function evidenceOf({ at, reason, message, statusCode }: TargetPast['change']): Evidence {
  return {
    at,
    reason: reason ?? 'internal',
    message: message ?? '',
    ...(statusCode !== undefined && { statusCode }),
  }
}
