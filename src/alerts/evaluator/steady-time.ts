import type { Clock } from '../../lib/time/clock.ts'

/** Seconds by which the two clocks may drift apart before one follows the other. */
const tolerance = 5

/**
 * Unix time in seconds that follows the wall clock and does not jump unnoticed: windows of time are measured with it.
 *
 * @param onJump Called with the seconds by which the wall clock has jumped, or the machine slept, before the first time that has
 *   jumped too is returned. The times that are kept have to be shifted then, because what happens next may be notified.
 */
export function steadyTime(clock: Clock, onJump: (seconds: number) => void): () => number {
  let offset = clock.now() - clock.monotonic()
  return () => {
    const monotonic = clock.monotonic()
    const jump = clock.now() - monotonic - offset
    if (Math.abs(jump) >= tolerance * 1000) {
      offset += jump
      onJump(jump / 1000)
    }
    return (offset + monotonic) / 1000
  }
}
