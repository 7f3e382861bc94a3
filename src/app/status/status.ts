import { findTarget, type Config } from '../../config/config.ts'
import type { Target } from '../../config/target/target.ts'
import { readElsewhere } from '../../history/reads/elsewhere.ts'
import { createHourMemo } from '../../history/reads/hour-memo.ts'
import { readIncidents } from '../../history/reads/incidents.ts'
import { readLocations, type LocationPast as StoredPlace } from '../../history/reads/locations.ts'
import type { MedianOf } from '../../history/reads/medians.ts'
import { readOverview } from '../../history/reads/overview.ts'
import { readMarks } from '../../history/reads/marks.ts'
import { readLatencySeries } from '../../history/reads/latency-series.ts'
import { readAdmissions } from '../../history/vendors/states.ts'
import type { History } from '../../history/store.ts'
import type { Clock } from '../../lib/time/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { ProbeResult } from '../../checks/result.ts'
import type { SeenCalls } from '../../web/status/calls.ts'
import type { LocationPast } from '../../web/status/location.ts'
import type { Past } from '../../web/status/past.ts'
import type { Silencing } from '../../web/status/silences.ts'
import type { KnownOfFailing } from '../../web/status/failing.ts'
import type { VendorSaid } from '../../web/status/vendor.ts'
import type { Recording } from '../recording/recording.ts'
import { statusSource, type LiveStatus } from '../../web/status/join.ts'
import { createCommandRuns, type CommandRuns } from './command-runs.ts'

export interface StatusOptions {
  /** The configuration in force. */
  readonly config: () => Config
  /** The last result of a target, where there is one. */
  readonly lastResult: (target: Target) => ProbeResult | undefined
  /** What is seen of calls. Default: nothing. */
  readonly calls?: SeenCalls
  /** Absent where results are not stored. */
  readonly recording?: RecordedPast | undefined
  /** Where this process probes from: the past is that of this place. */
  readonly location: string
  /** Of which targets the messages are held back. Default: nobody knows. */
  readonly silenced?: Silencing['marks'] | undefined
  /** What a vendor says of itself. Default: nobody reads that. */
  readonly vendorSays?: (vendor: string) => VendorSaid | undefined
  /** What is known of a target that fails, besides its own checks. Default: nothing. */
  readonly failing?: (name: string) => KnownOfFailing
  readonly clock: Clock
  readonly log: Logger
}

type StoredPast = Pick<History, 'isOpen' | 'pending' | 'sql'>

/** What is stored, and what stores what commands did. */
interface RecordedPast extends Pick<Recording, 'medians' | 'commandRan'> {
  readonly history: StoredPast
}

/** Milliseconds until results should be added up: that is done every ten seconds. */
const addedUpMs = 60_000

/** What the status page shows: what this process has seen, and what is stored. */
export function startStatus({
  recording,
  ...options
}: StatusOptions): LiveStatus & Pick<CommandRuns, 'ran' | 'heard'> {
  const { config, location, log } = options
  const past = recording && pastOf(recording.history, recording.medians, options)
  const runs = createCommandRuns({
    location,
    checks(name) {
      const intervalSeconds = findTarget(config(), name)?.interval ?? 0
      return source.beats(name).map(({ at, seconds }) => ({
        at: at.getTime(),
        success: seconds !== null,
        durationSeconds: seconds ?? 0,
        intervalSeconds,
      }))
    },
    targetOf: (name) => findTarget(config(), name),
    stored: recording && {
      sql: recording.history.sql,
      isOpen: recording.history.isOpen,
      add: recording.commandRan,
    },
    log,
  })
  const source = statusSource({ ...options, ...(past && { past }), runsOf: runs.of })
  return {
    ...source,
    observe(target, result) {
      source.observe(target, result)
      runs.observe(target, result)
    },
    ran: runs.ran,
    heard: runs.heard,
  }
}

function pastOf(
  { sql, isOpen, pending }: StoredPast,
  medians: MedianOf,
  { location, clock }: Pick<StatusOptions, 'location' | 'clock'>,
): Past {
  const memo = createHourMemo()
  const withMedians = (target: string, places: readonly StoredPlace[]): LocationPast[] =>
    places.map((place) => {
      const p50Seconds = medians(target, place.location)
      return { ...place, ...(p50Seconds !== undefined && { p50Seconds }) }
    })
  return {
    isOpen,
    pendingSince() {
      const since = pending()?.since
      return since && clock.now() - since.getTime() > addedUpMs ? since : undefined
    },
    overview: (targets, from = location) => readOverview(sql, { targets, location: from }, clock.now(), memo),
    async locations(targets) {
      const places = await readLocations(sql, targets, clock.now())
      return new Map([...places].map(([target, own]) => [target, withMedians(target, own)]))
    },
    async elsewhere(known) {
      const found = await readElsewhere(sql, { known, location, now: clock.now() })
      return found.map((one) => ({ ...one, locations: withMedians(one.name, one.locations) }))
    },
    series: (target, range) => readLatencySeries(sql, { target, location, ...range }),
    incidents: (targets, query) => readIncidents(sql, { ...(targets && { targets }), location }, query),
    marks: (range) => readMarks(sql, range),
    admissions: (incidents) => readAdmissions(sql, incidents),
  }
}
