/** The body of a request, as long as it is in memory. */
export interface HeldBody {
  /** Counts what has arrived. It may be this body or another one that is turned away for it. */
  readonly add: (bytes: number) => void
  /** All has arrived: the body can no longer be turned away. */
  readonly complete: () => void
  /** It is not in memory any more. */
  readonly release: () => void
}

interface Arriving {
  bytes: number
  readonly turnAway: () => void
}

/**
 * Counts the bytes of all bodies that are in memory at the same time. Where they are too many, the largest of those that still arrive is
 * turned away: someone who sends much loses it, and the small ones of all others get through.
 */
export class HeldBodies {
  readonly #most: number
  readonly #arriving = new Set<Arriving>()
  #bytes = 0

  /** @param most Bytes of all together. Default 20 MiB: a request with spans of the largest size, and small ones. */
  constructor(most = 20 * 1024 * 1024) {
    this.#most = most
  }

  /** @param turnAway Lets go of what has arrived. */
  hold(turnAway: () => void): HeldBody {
    const body: Arriving = { bytes: 0, turnAway }
    this.#arriving.add(body)
    return {
      add: (bytes) => {
        body.bytes += bytes
        this.#bytes += bytes
        while (this.#bytes > this.#most && this.#arriving.size > 0) this.#turnAwayLargest()
      },
      complete: () => this.#arriving.delete(body),
      release: () => {
        this.#forget(body)
      },
    }
  }

  #turnAwayLargest(): void {
    const [largest] = [...this.#arriving].sort((a, b) => b.bytes - a.bytes)
    if (!largest) return
    this.#forget(largest)
    largest.turnAway()
  }

  #forget(body: Arriving): void {
    this.#arriving.delete(body)
    this.#bytes -= body.bytes
    body.bytes = 0
  }
}
