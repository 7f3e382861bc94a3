/** The time, as a parameter: what reads it can be tested at any moment without waiting for it. */
export interface Clock {
  /** Wall-clock time in milliseconds since 1970. It may jump. */
  now: () => number
  /** Milliseconds from an arbitrary start, that never go back. */
  monotonic: () => number
}

/** The machine's own clocks. */
export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() }
