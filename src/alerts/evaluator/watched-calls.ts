import type { CallTarget } from '../../config/target/calls.ts'
import type { Alert } from '../alert.ts'
import { ActiveAlerts } from './active-alerts.ts'
import type { CallCounts, CallsRule } from './rules/rule.ts'
import type { CallsState } from './state.ts'

/** One call of a target, for the alerts that judge it. */
export interface JudgedCall {
  readonly durationSeconds: number
  readonly outcome: 'ok' | 'error' | 'unknown'
}

/** Seconds of the pieces that calls are counted in, as Prometheus scrapes them. */
const pieceSeconds = 15
const piecesOfMinute = 4
const piecesKept = 20

type Piece = { -readonly [K in keyof CallCounts]: number }

export interface WatchedCallsOptions {
  readonly target: CallTarget
  readonly rules: readonly CallsRule[]
  /** What an earlier process left behind. Its alerts go on for as long as without evidence. */
  readonly state?: CallsState | undefined
  /** Unix seconds. */
  readonly now: number
}

/** One target, its calls of the last five minutes, and its alerts. Times are unix seconds. */
export class WatchedCalls {
  readonly #rules: readonly CallsRule[]
  readonly #alerts: ActiveAlerts
  #target: CallTarget
  /** By the number of the piece. */
  #pieces = new Map<number, Piece>()

  constructor({ target, rules, state, now }: WatchedCallsOptions) {
    this.#target = target
    this.#rules = rules
    this.#alerts = new ActiveAlerts(labelsOf(target))
    if (state) this.#alerts.restore(state.alerts, rules, pieceSeconds, now)
  }

  /** Takes another configuration of the target, which may have another name now. */
  configure(target: CallTarget): void {
    this.#target = target
    this.#alerts.relabel(labelsOf(target), this.#rules)
  }

  observe({ durationSeconds, outcome }: JudgedCall, now: number): void {
    const at = Math.floor(now / pieceSeconds)
    let piece = this.#pieces.get(at)
    if (piece === undefined) {
      piece = { total: 0, slow: 0, ok: 0, errors: 0 }
      this.#pieces.set(at, piece)
      for (const old of this.#pieces.keys()) if (old < at - piecesKept) this.#pieces.delete(old)
    }
    piece.total += 1
    if (durationSeconds > this.#target.expect.maxLatency) piece.slow += 1
    if (outcome === 'ok') piece.ok += 1
    if (outcome === 'error') piece.errors += 1
  }

  /** Decides every alert. @returns What is to be sent. */
  evaluate(now: number): Alert[] {
    const view = {
      target: this.#target,
      minute: this.#sum(now, piecesOfMinute),
      fiveMinutes: this.#sum(now, piecesKept),
    }
    return [
      ...this.#rules.flatMap((rule) => this.#alerts.decide(rule, view, { now }, false)),
      ...this.#rules.flatMap((rule) => this.#alerts.send(rule, { now })),
    ]
  }

  /** Ends every alert: the target is no longer watched. */
  abandon(now: number): Alert[] {
    return this.#alerts.abandon(now)
  }

  firing(): Alert[] {
    return this.#alerts.firing()
  }

  /** The wall clock has jumped by so many seconds. */
  shift(seconds: number): void {
    this.#alerts.shift(seconds)
    const pieces = Math.round(seconds / pieceSeconds)
    this.#pieces = new Map([...this.#pieces].map(([at, piece]) => [at + pieces, piece]))
  }

  state(): CallsState {
    return { alerts: this.#alerts.state() }
  }

  #sum(now: number, count: number): CallCounts {
    const newest = Math.floor(now / pieceSeconds)
    const sum = { total: 0, slow: 0, ok: 0, errors: 0 }
    for (const [at, piece] of this.#pieces) {
      // The newest has only begun.
      if (at < newest - count || at > newest) continue
      sum.total += piece.total
      sum.slow += piece.slow
      sum.ok += piece.ok
      sum.errors += piece.errors
    }
    return sum
  }
}

function labelsOf({ name, labels }: CallTarget): Record<string, string> {
  return { ...labels, target: name }
}
