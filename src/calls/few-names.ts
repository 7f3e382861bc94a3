/** Names beyond this many are counted together. */
const maxNames = 100

/** Characters of the operation of a call that matches nothing. */
const maxOperation = 100

/** Counts by names that strangers choose: the first hundred have their own count, and the others share `other`. */
export class FewNames {
  readonly #counts = new Map<string, number>()
  #others = 0

  count(name: string): void {
    const known = this.#counts.get(name)
    if (known !== undefined) this.#counts.set(name, known + 1)
    // A copy, for a name may otherwise hold on to the datagram that it was cut from.
    else if (this.#counts.size < maxNames) this.#counts.set(Buffer.from(name).toString(), 1)
    else this.#others += 1
  }

  counts(): ReadonlyMap<string, number> {
    if (this.#others === 0) return this.#counts
    // A name may be `other`, too.
    return new Map(this.#counts).set('other', (this.#counts.get('other') ?? 0) + this.#others)
  }
}

/** Counts the calls that match no target and name what they call, by that name. */
export class UnmatchedOperations {
  readonly #names = new FewNames()

  count({ operation }: { readonly operation: string }): void {
    if (operation !== '') this.#names.count(operation.slice(0, maxOperation).toWellFormed())
  }

  counts(): ReadonlyMap<string, number> {
    return this.#names.counts()
  }
}
