import type { Target } from '../../config/target/target.ts'
import type { ElsewherePast, ElsewhereStatus, LocationPast, LocationStatus } from './location.ts'
import { shownText } from './state.ts'
import type { TargetStatus } from './status.ts'

export interface LocationsOptions {
  readonly target: Target
  /** What this process says of it. */
  readonly status: TargetStatus
  /** From where this process probes. */
  readonly own: string | undefined
  readonly past: readonly LocationPast[]
  /** When the history was read, as Unix time in milliseconds. */
  readonly now: number
}

/** What other locations have checked is sent, stored and added up before it is seen here. Seconds. */
const waySeconds = 20

/** Those that the history knows, with what this process has seen since; none where there is only one. */
export function locationsOf({ target, status, own, past, now }: LocationsOptions): readonly LocationStatus[] {
  if (past.length < 2) return []
  const { last } = status
  return past.map((stored) => {
    const isOwn = stored.location === own
    const patience = 2 * target.interval + target.timeout + (isOwn ? 0 : waySeconds)
    const isOlder = isOwn && last && last.at > stored.at
    return statusOf(isOlder ? { ...cleared(stored), ...last } : stored, { target, patience, now })
  })
}

/** Where the timeout of a target is not known: twice what it is by default. Seconds. */
const unknownTimeout = 20

/** @param now When the history was read, as Unix time in milliseconds. */
export function elsewhereOf({ locations, ...past }: ElsewherePast, now: number): ElsewhereStatus {
  const patience = 2 * past.intervalSeconds + unknownTimeout + waySeconds
  const seen = locations.map((stored) => statusOf(stored, { target: { secrets: [] }, patience, now }))
  const has = (state: LocationStatus['state']): boolean => seen.some((each) => each.state === state)
  return {
    ...past,
    kind: 'elsewhere',
    state: has('down') ? 'down' : has('up') ? 'up' : 'pending',
    locations: seen,
  }
}

interface Judging {
  readonly target: Pick<Target, 'secrets'>
  /** Seconds after a check in which the next has to come. */
  readonly patience: number
  readonly now: number
}

function statusOf(newest: LocationPast, { target, patience, now }: Judging): LocationStatus {
  const { location, at, success, durationSeconds, reason, message, last24h, p50Seconds } = newest
  return {
    location,
    state: now - at.getTime() > patience * 1000 ? 'silent' : success ? 'up' : 'down',
    at,
    success,
    ...(durationSeconds !== undefined && { durationSeconds }),
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message: shownText(message, target) }),
    last24h,
    ...(p50Seconds !== undefined && { p50Seconds }),
  }
}

/** Without what the failure said. */
function cleared({ reason: _reason, message: _message, ...rest }: LocationPast): LocationPast {
  return rest
}
