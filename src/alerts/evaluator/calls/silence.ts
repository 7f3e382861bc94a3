import { evaluationSeconds } from '../due-rules.ts'
import type { Silence } from '../rules/rule.ts'
import type { SilenceState } from '../state.ts'

const hour = 3600
const day = 24 * hour

/** Seconds: shorter silences are not remembered. */
const leastRemembered = 60

/** Seconds over which calls are counted, which are looked at once per evaluation. */
const window = 300

/**
 * How long a target has not been called, and what is usual for it: what the rules of Prometheus record. Times are unix seconds. It
 * outlives the process. The time without a process is not counted as silence, because nobody listened.
 */
export class WatchedSilence {
  #seconds: number | undefined
  #lastCallAt: number | undefined
  readonly #hours: SilenceState['hours']
  readonly #ended: SilenceState['ended']

  constructor(state?: SilenceState) {
    this.#seconds = state?.seconds
    this.#hours = [...(state?.hours ?? [])]
    this.#ended = [...(state?.ended ?? [])]
  }

  heardCall(now: number): void {
    this.#lastCallAt = now
  }

  /** @param calls Those of the last five minutes. @returns Nothing before the first call. */
  evaluate(calls: number, now: number): Silence | undefined {
    const before = this.#seconds
    const listened = before === undefined ? Infinity : before + evaluationSeconds
    const seconds = Math.min(listened, now - (this.#lastCallAt ?? -Infinity))
    if (seconds === Infinity) return undefined
    this.#seconds = seconds
    if (before !== undefined && before >= leastRemembered && before > seconds) this.#remember(before, now)
    this.#count(calls, now)
    return {
      seconds,
      longest: this.#ended[0]?.seconds ?? 0,
      calls: this.#hours.reduce((sum, one) => sum + one.calls, 0),
      known: this.#hours.reduce((sum, one) => sum + one.known, 0),
    }
  }

  /** The wall clock has jumped by so many seconds. */
  shift(seconds: number): void {
    if (this.#lastCallAt !== undefined) this.#lastCallAt += seconds
    for (const one of [...this.#hours, ...this.#ended]) one.at += seconds
  }

  state(): SilenceState | undefined {
    if (this.#seconds === undefined) return undefined
    return { seconds: this.#seconds, hours: this.#hours, ended: this.#ended }
  }

  /** Of those that a longer one followed, none can be the longest again. */
  #remember(seconds: number, at: number): void {
    while ((this.#ended.at(-1)?.seconds ?? Infinity) <= seconds) this.#ended.pop()
    this.#ended.push({ at, seconds })
  }

  #count(calls: number, now: number): void {
    let newest = this.#hours.at(-1)
    if (newest === undefined || now >= newest.at + hour) {
      newest = { at: now, calls: 0, known: 0 }
      this.#hours.push(newest)
    }
    // Each call is seen by every evaluation of five minutes.
    newest.calls += (calls * evaluationSeconds) / window
    newest.known += evaluationSeconds
    while ((this.#hours[0]?.at ?? now) <= now - day) this.#hours.shift()
    while ((this.#ended[0]?.at ?? now) <= now - 2 * day) this.#ended.shift()
  }
}
