/** What a target says about the way to it. */
export interface Sighting {
  /** Where its checks lead; absent where that is not known, and the target then says nothing. */
  readonly address?: string
  /** Whether its checks fail on their way there. */
  readonly unreachable: boolean
}

interface Tally {
  targets: number
  reached: number
}

/** Counts the addresses that targets lead to, however many targets lead to one: it is reached where any of them answers. */
export class Addresses {
  readonly #sightings = new Map<string, Sighting>()
  readonly #tallies = new Map<string, Tally>()
  #reached = 0

  get count(): number {
    return this.#tallies.size
  }

  get unreachable(): number {
    return this.#tallies.size - this.#reached
  }

  /** Notes what a target says now. Undefined: nothing any more. */
  note(target: string, sighting: Sighting | undefined): void {
    const before = this.#sightings.get(target)
    if (before?.address === sighting?.address && before?.unreachable === sighting?.unreachable) return
    if (before) this.#count(before, -1)
    if (sighting) {
      this.#sightings.set(target, sighting)
      this.#count(sighting, 1)
    } else this.#sightings.delete(target)
  }

  #count({ address, unreachable }: Sighting, by: 1 | -1): void {
    if (address === undefined) return
    const tally = this.#tallies.get(address) ?? { targets: 0, reached: 0 }
    const wasReached = tally.reached > 0
    tally.targets += by
    if (!unreachable) tally.reached += by
    this.#reached += Number(tally.reached > 0) - Number(wasReached)
    if (tally.targets > 0) this.#tallies.set(address, tally)
    else this.#tallies.delete(address)
  }
}
