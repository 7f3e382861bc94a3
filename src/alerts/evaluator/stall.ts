import type { Clock } from '../../lib/time/clock.ts'

/** Notices when nothing is judged or handed over any more, for any reason. */
export interface Stall {
  /** Everything was judged, as it is on every tick. */
  readonly judged: () => void
  /** A check has ended. */
  readonly checked: () => void
  /** Telling has begun, again where it had ended or failed. */
  readonly telling: () => void
  readonly told: () => void
  /** @param shortestSeconds Between two checks of one target; Infinity where none is checked. */
  readonly expect: (shortestSeconds: number) => void
  /** What has stalled for longer than is allowed; undefined where nothing has. */
  readonly reason: () => string | undefined
}

/** @param limitMs Milliseconds that it may take. */
export function createStall(clock: Pick<Clock, 'monotonic'>, limitMs = 60_000): Stall {
  let judgedAt = clock.monotonic()
  let checkedAt = clock.monotonic()
  let tellingSince: number | undefined
  let shortestMs = Infinity
  return {
    judged() {
      judgedAt = clock.monotonic()
    },
    checked() {
      checkedAt = clock.monotonic()
    },
    telling() {
      tellingSince ??= clock.monotonic()
    },
    told() {
      tellingSince = undefined
    },
    expect(shortestSeconds) {
      shortestMs = shortestSeconds * 1000
      checkedAt = clock.monotonic()
    },
    reason() {
      const now = clock.monotonic()
      if (now - judgedAt > limitMs) return 'alerts are no longer decided on'
      // A check that is late is nothing to worry about, and one more may be left out because the one before took long.
      if (now - checkedAt > Math.max(limitMs, 3 * shortestMs)) return 'no check has ended for too long'
      if (tellingSince !== undefined && now - tellingSince > limitMs)
        return 'alerts are decided on, but not taken by what delivers them'
      return undefined
    },
  }
}
