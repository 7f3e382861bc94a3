import { ProbityError } from '../../../lib/errors.ts'

/** Looking something up takes more work than there is for it. */
export class TooManySteps extends ProbityError {
  override name = 'TooManySteps'

  constructor(limit: number) {
    super('TOO_MANY_STEPS', `it takes more than ${limit.toLocaleString('en')} steps`)
  }
}

/**
 * What is left of the work that may be done on one document. A step is a value that is looked at, or 64 characters that are
 * compared, so that both time and memory are bounded by it.
 */
export class Steps {
  readonly #limit: number
  #left: number

  constructor(limit: number) {
    this.#limit = limit
    this.#left = limit
  }

  /** Whether there was not enough. */
  get exhausted(): boolean {
    return this.#left < 0
  }

  /** @throws {@link TooManySteps} */
  take(count = 1): void {
    this.#left -= count
    if (this.#left < 0) throw new TooManySteps(this.#limit)
  }
}

/** Steps that it takes to read so many characters. */
export function stepsOfText(length: number): number {
  return Math.ceil(length / 64)
}
