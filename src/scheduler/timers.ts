import { systemClock, type Clock } from '../lib/time/clock.ts'

/** Time that can be waited for, as a parameter. */
export interface Timers extends Clock {
  /** Calls back once, after so many milliseconds. The answer takes it back. */
  readonly after: (milliseconds: number, callback: () => void) => () => void
}

/** The machine's own. */
export const systemTimers: Timers = {
  ...systemClock,
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds)
    return () => {
      clearTimeout(timer)
    }
  },
}
