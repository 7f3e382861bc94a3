/** Waiting, as a parameter: what uses it can be tested without time passing. */
export interface Timers {
  /**
   * Calls once, after so many milliseconds.
   *
   * @returns Calls it off.
   */
  readonly after: (milliseconds: number, run: () => void) => () => void
}

/** Node.js fires a timer with a longer delay at once. */
const longestDelay = 2 ** 31 - 1

/** The machine's own. Waiting alone keeps no process alive. */
export const systemTimers: Timers = {
  after(milliseconds, run) {
    const timer = setTimeout(run, Math.min(Math.max(0, milliseconds), longestDelay))
    timer.unref()
    return () => {
      clearTimeout(timer)
    }
  },
}
