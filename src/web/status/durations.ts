/** When a check was made, and how long it took. */
const fieldsPer = 2
const capacityAtFirst = 4

/** The durations of the checks of a target in the last minutes, in few bytes: there may be ten thousand targets. */
export class Durations {
  readonly #windowMs: number
  readonly #most: number
  #fields = new Float64Array(capacityAtFirst * fieldsPer)
  #oldest = 0
  #count = 0

  /** @param most How many are kept. */
  constructor(windowMs: number, most: number) {
    this.#windowMs = windowMs
    this.#most = most
  }

  /** @param at Unix time in milliseconds. */
  add(at: number, seconds: number): void {
    while (this.#count > 0 && this.#at(0) <= at - this.#windowMs) this.#forgetOldest()
    if (this.#count === this.#most) this.#forgetOldest()
    if (this.#count === this.#capacity) this.#grow()
    const place = this.#place(this.#count++)
    this.#fields[place] = at
    this.#fields[place + 1] = seconds
  }

  /** Those of the window that ends now. */
  within(now: number): number[] {
    const seconds: number[] = []
    for (let index = 0; index < this.#count; index++)
      if (this.#at(index) > now - this.#windowMs) seconds.push(this.#fields[this.#place(index) + 1] ?? NaN)
    return seconds
  }

  /** All that are kept, the oldest first: when, in milliseconds, and seconds. */
  all(): (readonly [at: number, seconds: number])[] {
    return Array.from({ length: this.#count }, (_, index) => [
      this.#at(index),
      this.#fields[this.#place(index) + 1] ?? NaN,
    ])
  }

  get #capacity(): number {
    return this.#fields.length / fieldsPer
  }

  #at(index: number): number {
    return this.#fields[this.#place(index)] ?? NaN
  }

  #place(index: number): number {
    return ((this.#oldest + index) % this.#capacity) * fieldsPer
  }

  #forgetOldest(): void {
    this.#oldest = (this.#oldest + 1) % this.#capacity
    this.#count--
  }

  #grow(): void {
    const grown = new Float64Array(Math.min(2 * this.#capacity, this.#most) * fieldsPer)
    const first = this.#fields.subarray(this.#place(0))
    grown.set(first)
    grown.set(this.#fields.subarray(0, this.#place(0)), first.length)
    this.#fields = grown
    this.#oldest = 0
  }
}
