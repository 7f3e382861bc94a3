import type { Clock } from '../../lib/time/clock.ts'

/** Unix time that does not jump by itself: windows of time are measured with it. */
export interface SteadyTime {
  /** Unix seconds. */
  readonly now: () => number
  /**
   * Adopts the wall clock where it has jumped, or where the machine slept.
   *
   * @returns By how many seconds it has jumped; 0 where it has not.
   */
  readonly adopt: () => number
}

/** Seconds by which the two clocks may drift apart before one follows the other. */
const tolerance = 5

export function steadyTime(clock: Clock): SteadyTime {
  let offset = clock.now() - clock.monotonic()
  return {
    now: () => (offset + clock.monotonic()) / 1000,
    adopt() {
      const jump = clock.now() - clock.monotonic() - offset
      if (Math.abs(jump) < tolerance * 1000) return 0
      offset += jump
      return jump / 1000
    },
  }
}
