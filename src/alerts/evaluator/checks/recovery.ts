/**
 * Whether a target that was found down has recovered since: that may take several checks in a row that succeed. After
 * one that fails, the count begins again. The end is decided with everything else, once per evaluation, as in the rules of Prometheus.
 */
export class Recovery {
  #passes: number | undefined

  /** @param passes What an earlier process left behind. Default: it was not found down. */
  constructor(passes?: number) {
    this.#passes = passes
  }

  /** How many checks in a row have succeeded since it was found down; undefined where it has recovered. */
  get passes(): number | undefined {
    return this.#passes
  }

  /** @param down Whether the checks have failed for as long as makes it down. */
  observe(success: boolean, down: boolean): void {
    if (down) this.#passes = 0
    else if (this.#passes !== undefined) this.#passes = success ? this.#passes + 1 : 0
  }

  /** Whether it still counts as down, though its newest checks alone would not say so. @param needed How many have to succeed in a row. */
  isAwaited(needed: number): boolean {
    return needed > 1 && this.#passes !== undefined && this.#passes < needed
  }

  /** It counts as up. */
  settle(): void {
    this.#passes = undefined
  }
}
