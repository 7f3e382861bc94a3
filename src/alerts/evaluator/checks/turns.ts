import { scrapeInterval } from '../../../config/target/scrape-interval.ts'

/** What Prometheus would count as changes between two evaluations; seconds. */
const kept = 1800

/** What outlives the process. Times are unix seconds. */
export interface TurnsState {
  /** The check before each at which the target went up or down, the oldest first. */
  readonly turns: number[]
  /** The evaluation before each at which it was down and had not been, or the reverse. */
  readonly falls: number[]
  readonly wasDown: boolean
}

/** When a target went up or down within half an hour. */
export class Turns {
  #turns: number[]
  #falls: number[]
  #wasDown: boolean
  #downSince = false

  constructor({ turns, falls, wasDown }: TurnsState = { turns: [], falls: [], wasDown: false }) {
    this.#turns = [...turns]
    this.#falls = [...falls]
    this.#wasDown = wasDown
  }

  /** Whether it was down at the last evaluation, or at a check since the one before. */
  get down(): boolean {
    return this.#wasDown
  }

  /** A check came to something else than the one before. What counts is when Prometheus would have scraped that one last. */
  turn(last: number, at: number, interval: number): void {
    const every = scrapeInterval(interval)
    const scrapes = Math.min(Math.round(interval / every), Math.ceil((at - last) / every))
    this.#turns.push(last + Math.max(0, scrapes - 1) * every)
  }

  /** A check between two evaluations has found it down, or not. */
  see(down: boolean): void {
    this.#downSince ||= down
  }

  /** Takes what an evaluation finds. */
  evaluate(down: boolean, before: number): void {
    const now = down || this.#downSince
    this.#downSince = false
    if (now !== this.#wasDown) this.#falls.push(before)
    this.#wasDown = now
    while ((this.#turns[0] ?? Infinity) < before - kept) this.#turns.shift()
    while ((this.#falls[0] ?? Infinity) < before - kept) this.#falls.shift()
  }

  /** How often its checks changed between success and failure within the last seconds. */
  count(seconds: number, now: number): number {
    return within(this.#turns, now - seconds)
  }

  /** How often it went down, or stopped being down. */
  falls(seconds: number, now: number): number {
    return within(this.#falls, now - seconds)
  }

  shift(seconds: number): void {
    this.#turns = this.#turns.map((at) => at + seconds)
    this.#falls = this.#falls.map((at) => at + seconds)
  }

  /** Nothing where there is nothing to remember. */
  state(): { readonly turns?: TurnsState } {
    if (this.#turns.length === 0 && this.#falls.length === 0 && !this.#wasDown) return {}
    return { turns: { turns: [...this.#turns], falls: [...this.#falls], wasDown: this.#wasDown } }
  }
}

/** Both sides of a change have to be within the window, whose left edge is excluded. */
function within(times: readonly number[], edge: number): number {
  let count = 0
  while (count < times.length && (times[times.length - 1 - count] ?? -Infinity) > edge) count++
  return count
}
