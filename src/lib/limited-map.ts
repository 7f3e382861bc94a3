export interface LimitedMapOptions<T> {
  /** Entries that it holds at most, apart from the one that the others share. */
  readonly max: number
  /** For how long an entry is not asked for before it gives its place to a new one. In the unit of `now`. */
  readonly idle: number
  /** The key of the entry that all others share. */
  readonly other: string
  readonly make: (key: string) => T
}

/** A map that makes what it is asked for, and does not grow with what others send: beyond a limit, all share one entry. */
export class LimitedMap<T> {
  readonly #options: LimitedMapOptions<T>
  readonly #entries = new Map<string, { readonly value: T; usedAt: number }>()

  constructor(options: LimitedMapOptions<T>) {
    this.#options = options
  }

  /** @param now A time that does not jump. */
  get(key: string, now: number): T {
    const known = this.#entries.get(key)
    if (known) {
      known.usedAt = now
      return known.value
    }
    const { max, other, make } = this.#options
    if (key !== other && this.#entries.size >= max && !this.#forgetIdle(now)) return this.get(other, now)
    // A copy: what was cut from a datagram may otherwise hold on to all of it.
    const own = Buffer.from(key).toString()
    const value = make(own)
    this.#entries.set(own, { value, usedAt: now })
    return value
  }

  values(): T[] {
    return [...this.#entries.values()].map(({ value }) => value)
  }

  #forgetIdle(now: number): boolean {
    const { idle, other } = this.#options
    for (const [key, { usedAt }] of this.#entries) {
      if (key === other || now - usedAt < idle) continue
      this.#entries.delete(key)
      return true
    }
    return false
  }
}
