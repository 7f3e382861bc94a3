/**
 * How many begin per turn. Those that have begun go on with each turn, so a turn contains a few steps of as many probes, which
 * is some milliseconds.
 */
const perTurn = 4

/**
 * Lets a few probes begin per turn of the event loop. A thousand that began at once would all wait for each other, and all
 * find their targets slow; here each is done soon once it has begun, and the rest waits for its turn. Under little load,
 * everything begins at once.
 */
export class Turns {
  readonly #waiting: (() => void)[] = []
  #begun = 0

  /** Calls back at once, or in one of the next turns, in the order of the calls. */
  begin(start: () => void): void {
    if (this.#begun === perTurn) {
      this.#waiting.push(start)
      return
    }
    this.#count()
    start()
  }

  #count(): void {
    if (this.#begun++ === 0) setImmediate(this.#nextTurn)
  }

  readonly #nextTurn = (): void => {
    this.#begun = 0
    while (this.#begun < perTurn) {
      const start = this.#waiting.shift()
      if (!start) return
      this.#count()
      start()
    }
  }
}
