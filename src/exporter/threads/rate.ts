/** Seconds over which the rate is taken. */
const window = 5

/** How many things happen per second, over the last few seconds. */
export class Rate {
  readonly #counts = new Array<number>(window).fill(0)
  #second = 0

  /** @param seconds Of a monotonic clock. */
  count(seconds: number): void {
    this.#advance(seconds)
    const at = this.#second % window
    this.#counts[at] = (this.#counts[at] ?? 0) + 1
  }

  /** Per second. The second that is under way does not count. */
  perSecond(seconds: number): number {
    this.#advance(seconds)
    const whole = this.#counts.filter((_count, at) => at !== this.#second % window)
    return whole.reduce((sum, count) => sum + count, 0) / whole.length
  }

  #advance(seconds: number): void {
    const now = Math.floor(seconds)
    for (let passed = Math.min(now - this.#second, window); passed > 0; passed--)
      this.#counts[(now - passed + 1) % window] = 0
    this.#second = now
  }
}
