import { systemTimers, type Timers } from '../lib/time/timers.ts'

/** Waits before checks are made again. Once it has ended, nobody waits any more. */
export class SecondChecks {
  readonly #timers: Timers
  readonly #waiting = new Set<() => void>()
  #ended = false

  /** @param timers Default: the machine's. */
  constructor(timers: Timers = systemTimers) {
    this.#timers = timers
  }

  /** @returns Whether the check is to be made again: not where the process ends. */
  async wait(seconds: number): Promise<boolean> {
    if (this.#ended) return false
    await new Promise<void>((resolve) => {
      const cancel = this.#timers.after(seconds * 1000, done)
      const waiting = this.#waiting
      function done(): void {
        waiting.delete(done)
        cancel()
        resolve()
      }
      waiting.add(done)
    })
    return !this.#ended
  }

  end(): void {
    this.#ended = true
    for (const done of this.#waiting) done()
  }
}
