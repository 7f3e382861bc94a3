import type { Target } from '../../../config/target/target.ts'
import type { TargetState } from '../state.ts'
import { Recovery } from './recovery.ts'

type StreakState = Pick<TargetState, 'lastCheckAt' | 'lastSuccessAt' | 'succeededAt' | 'failing' | 'passes'>

/** Since when the checks of a target fail, or whether the newest succeeded. Times are unix seconds. */
export class Streak {
  readonly recovery: Recovery
  #lastCheckAt: number | undefined
  #lastSuccessAt = -Infinity
  #succeededAt: number | undefined
  #failing = false

  constructor(state?: StreakState) {
    this.recovery = new Recovery(state?.passes)
    if (!state) return
    this.#lastCheckAt = state.lastCheckAt
    this.#lastSuccessAt = state.lastSuccessAt
    // Earlier versions did not tell a success from the time that failures are counted from.
    this.#succeededAt = state.succeededAt === null ? undefined : (state.succeededAt ?? state.lastSuccessAt)
    this.#failing = state.failing
  }

  get lastCheckAt(): number | undefined {
    return this.#lastCheckAt
  }

  /** Whether the newest check failed. */
  get failing(): boolean {
    return this.#failing
  }

  /** Where the present failures are counted from. */
  get lastSuccessAt(): number {
    return this.#lastSuccessAt
  }

  /** When a check really succeeded last. */
  get succeededAt(): number | undefined {
    return this.#succeededAt
  }

  /** Seconds to the newest check; 0 where that succeeded. */
  get failingFor(): number {
    return this.#failing ? (this.#lastCheckAt ?? 0) - this.#lastSuccessAt : 0
  }

  /** Whether they have failed for as long as makes the target down. */
  isLong({ alertAfter }: Pick<Target, 'alertAfter'>): boolean {
    return this.failingFor > 0 && this.failingFor >= alertAfter
  }

  observe(success: boolean, at: number, target: Pick<Target, 'interval' | 'alertAfter'>): void {
    if (success) this.#lastSuccessAt = this.#succeededAt = at
    // The first failure counts for one interval, whatever came before it: time without checks does not count as a failure.
    else if (!this.#failing) this.#lastSuccessAt = at - target.interval
    this.#failing = !success
    this.#lastCheckAt = at
    this.recovery.observe(success, this.isLong(target))
  }

  /** The wall clock has jumped by so many seconds. */
  shift(seconds: number): void {
    if (this.#lastCheckAt !== undefined) this.#lastCheckAt += seconds
    this.#lastSuccessAt += seconds
    if (this.#succeededAt !== undefined) this.#succeededAt += seconds
  }

  /** Nothing where it was never checked. */
  state(): StreakState | undefined {
    if (this.#lastCheckAt === undefined) return undefined
    return {
      lastCheckAt: this.#lastCheckAt,
      lastSuccessAt: this.#lastSuccessAt,
      succeededAt: this.#succeededAt ?? null,
      failing: this.#failing,
      ...(this.recovery.passes !== undefined && { passes: this.recovery.passes }),
    }
  }
}
