import type { Clock } from '../../../src/lib/time/clock.ts'

export interface TestClock extends Clock {
  /** Lets this many seconds pass. */
  advance: (seconds: number) => void
}

/** A clock that stands still until it is told to move. */
export function testClock(startIso = '2026-11-20T12:00:00Z'): TestClock {
  let elapsed = 0
  return {
    now: () => Date.parse(startIso) + elapsed,
    monotonic: () => elapsed,
    advance(seconds) {
      elapsed += seconds * 1000
    },
  }
}
