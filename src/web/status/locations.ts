import type { Target } from '../../config/target/target.ts'
import type { LocationPast, LocationStatus } from './location.ts'
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

/** Those that the history knows, with what this process has seen since; none where there is only one. */
export function locationsOf({ target, status, own, past, now }: LocationsOptions): readonly LocationStatus[] {
  if (past.length < 2) return []
  const patienceMs = (2 * target.interval + target.timeout) * 1000
  return past.map((stored) => {
    const { last } = status
    const newest =
      stored.location === own && last && last.at > stored.at ? { ...cleared(stored), ...last } : stored
    const { at, success, durationSeconds, reason, message } = newest
    const isSilent = now - at.getTime() > patienceMs
    return {
      location: stored.location,
      state: isSilent ? 'silent' : success ? 'up' : 'down',
      at,
      success,
      ...(durationSeconds !== undefined && { durationSeconds }),
      ...(reason !== undefined && { reason }),
      ...(message !== undefined && { message: shownText(message, target) }),
      last24h: stored.last24h,
      ...(stored.p50Seconds !== undefined && { p50Seconds: stored.p50Seconds }),
    }
  })
}

/** Without what the failure said. */
function cleared({ reason: _reason, message: _message, ...rest }: LocationPast): LocationPast {
  return rest
}
