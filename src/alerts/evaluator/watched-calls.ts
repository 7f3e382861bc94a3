import { isOverLimit } from 'probity-client/wire'
import type { CallTarget } from '../../config/target/calls.ts'
import type { Alert } from '../alert.ts'
import type { Abandonment } from './active-alert.ts'
import { ActiveAlerts } from './active-alerts.ts'
import { CountedCalls, type CallWindows, type JudgedCall } from './calls/counted-calls.ts'
import { WatchedSilence } from './calls/silence.ts'
import { evaluationSeconds } from './due-rules.ts'
import type { Rules } from './rules/index.ts'
import type { CallsRule, CallsView } from './rules/rule.ts'
import type { CallsState } from './state.ts'

export interface WatchedCallsOptions {
  readonly target: CallTarget
  readonly rules: Pick<Rules, 'calls' | 'versions'>
  /** What an earlier process left behind. Its alerts go on for as long as without evidence. */
  readonly state?: CallsState | undefined
  /** Unix seconds. */
  readonly now: number
}

/** One target, its calls, and its alerts. Times are unix seconds. */
export class WatchedCalls {
  readonly #rules: Pick<Rules, 'calls' | 'versions'>
  readonly #alerts: ActiveAlerts
  readonly #calls = new CountedCalls()
  readonly #silence: WatchedSilence
  /** Those of the versions that make calls, or of which an alert fires, by `id`. */
  readonly #versionRules = new Map<string, CallsRule>()
  #target: CallTarget
  #windows: CallWindows | undefined
  /** By how much the wall clock has jumped so far. */
  #jumped = 0

  constructor({ target, rules, state, now }: WatchedCallsOptions) {
    this.#target = target
    this.#rules = rules
    this.#alerts = new ActiveAlerts(labelsOf(target))
    this.#silence = new WatchedSilence(state?.silence)
    if (!state) return
    for (const { labels } of Object.values(state.alerts)) {
      const { caller = '', version } = labels
      if (version !== undefined) this.#addVersion({ caller, version })
    }
    this.#alerts.restore(state.alerts, this.#all, evaluationSeconds, now)
  }

  get name(): string {
    return this.#target.name
  }

  /** What the rules of its probe look at; undefined before the first scrape. */
  get seen(): Pick<CallsView, 'target' | 'fiveMinutes'> | undefined {
    return this.#windows && { target: this.#target, fiveMinutes: this.#windows.fiveMinutes }
  }

  /** Takes another configuration of the target, which may have another name now. */
  configure(target: CallTarget): void {
    this.#target = target
    this.#alerts.relabel(labelsOf(target), this.#all)
  }

  observe(call: JudgedCall, now: number): void {
    const slow = isOverLimit(call, this.#target.expect.maxLatency)
    this.#calls.observe(call, slow, now - this.#jumped)
    this.#silence.heardCall(now)
  }

  /** Adds up the calls until now: what is decided next is decided on them. */
  scrape(now: number): void {
    this.#windows = this.#calls.scrape(now - this.#jumped)
  }

  /** Decides every alert on the calls until the last scrape. @returns What is to be sent. */
  evaluate(now: number, probe: CallsView['probe']): Alert[] {
    if (!this.#windows) return []
    const silence = this.#silence.evaluate(this.#windows.fiveMinutes.total, now)
    const view: CallsView = {
      ...this.#windows,
      target: this.#target,
      now,
      ...(silence && { silence }),
      ...(probe && { probe }),
    }
    const versions = view.versions.filter(({ version }) => version !== '')
    for (const one of versions) this.#addVersion(one)
    const rules = this.#all
    const ended = rules.flatMap((rule) => this.#alerts.decide(rule, view, { now }, false))
    const told = rules.flatMap((rule) => this.#alerts.send(rule, { now }))
    const known = new Set(versions.flatMap((one) => this.#rules.versions.map((rule) => rule(one).id)))
    for (const id of this.#versionRules.keys())
      if (!known.has(id) && !this.#alerts.isActive(id)) this.#versionRules.delete(id)
    return [...ended, ...told]
  }

  /** Ends every alert: the target is no longer watched. */
  abandon(now: number, why: Abandonment): Alert[] {
    return this.#alerts.abandon(now, why)
  }

  firing(): Alert[] {
    return this.#alerts.firing()
  }

  /** The wall clock has jumped by so many seconds. */
  shift(seconds: number): void {
    this.#alerts.shift(seconds)
    this.#silence.shift(seconds)
    this.#jumped += seconds
  }

  state(): CallsState {
    const silence = this.#silence.state()
    return { alerts: this.#alerts.state(), ...(silence && { silence }) }
  }

  get #all(): readonly CallsRule[] {
    return [...this.#rules.calls, ...this.#versionRules.values()]
  }

  #addVersion(of: { readonly caller: string; readonly version: string }): void {
    for (const rule of this.#rules.versions.map((make) => make(of)))
      if (!this.#versionRules.has(rule.id)) this.#versionRules.set(rule.id, rule)
  }
}

function labelsOf({ name, labels }: CallTarget): Record<string, string> {
  return { ...labels, target: name }
}
