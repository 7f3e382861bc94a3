/** Collects what comes within one turn of the event loop, and passes it on together. */
export class Batch<T> {
  readonly #send: (items: readonly T[]) => void
  #items: T[] = []

  constructor(send: (items: readonly T[]) => void) {
    this.#send = send
  }

  add(item: T): void {
    if (this.#items.push(item) === 1) setImmediate(this.#flush)
  }

  readonly #flush = (): void => {
    const items = this.#items
    this.#items = []
    this.#send(items)
  }
}
