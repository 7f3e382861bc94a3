import { maintenanceEnd } from '../../config/target/maintenance.ts'
import { targetLabels } from '../../config/target/labels.ts'
import type { Target } from '../../config/target/target.ts'
import { redact } from '../../lib/text/redact.ts'
import { excerpt, plainText } from '../../lib/text/text.ts'
import type { ProbeResult } from '../../checks/result.ts'
import type { Alert } from '../alert.ts'
import { asAlert, refreshed } from './active-alert.ts'
import { dueRules } from './due-rules.ts'
import { fingerprintOf } from './fingerprint.ts'
import type { AlertRule, TargetView } from './rules/rule.ts'
import { Samples } from './samples.ts'
import type { ActiveAlert, TargetState } from './state.ts'

/** What the newest checks say: `down` as TargetDown has it, `degraded` where the newest one failed or was slow. */
export type Health = 'down' | 'degraded' | 'up' | 'unknown'

/** Seconds after which whoever was told that an alert fires is told again, with fresh words. */
const tellAgainAfter = 300

const maxOutput = 2000

export interface WatchedTargetOptions {
  readonly target: Target
  readonly location: string
  readonly rules: readonly AlertRule[]
  /** What an earlier process left behind. */
  readonly state?: TargetState
  /** Unix seconds. */
  readonly now: number
}

/** One target, what its checks came to, and its alerts. Times are unix seconds. */
export class WatchedTarget {
  readonly series: string
  readonly #rules: readonly AlertRule[]
  readonly #labels: Readonly<Record<string, string>>
  readonly #alerts = new Map<string, ActiveAlert>()
  /** Until when an alert of an earlier process goes on: the checks that it was decided by are gone. */
  readonly #heldUntil = new Map<string, number>()
  /** Since when the condition holds of an alert that has not begun yet. */
  readonly #pendingSince = new Map<string, number>()
  #target: Target
  #samples: Samples
  #lastCheckAt: number | undefined
  #lastSuccessAt = -Infinity
  #failing = false
  #lastDownAt = -Infinity
  #holdsUntil = -Infinity
  #maintainedUntil = -Infinity
  #newest: ProbeResult | undefined

  constructor({ target, location, rules, state, now }: WatchedTargetOptions) {
    this.#target = target
    this.#rules = rules
    this.#labels = targetLabels(target, location)
    this.series = fingerprintOf(this.#labels)
    this.#samples = new Samples(target.interval)
    if (state) this.#restore(state, now)
  }

  get target(): Target {
    return this.#target
  }

  get lastCheckAt(): number | undefined {
    return this.#lastCheckAt
  }

  get health(): Health {
    if (this.#lastCheckAt === undefined) return 'unknown'
    if (this.#down) return 'down'
    const slow = (this.#newest?.durationSeconds ?? 0) > this.#target.expect.maxLatency
    return this.#failing || slow ? 'degraded' : 'up'
  }

  /**
   * Until when it holds back the alerts of those that depend on it: while it is down, until its next check. One failed check
   * before it is down it begins: whoever depends on it fails at the same time, and may be checked a moment earlier.
   */
  get holdsUntil(): number {
    return this.#holdsUntil
  }

  /** Takes another configuration of the same series. */
  configure(target: Target): void {
    if (target.interval !== this.#target.interval) this.#samples = new Samples(target.interval)
    this.#target = target
  }

  observe(result: ProbeResult, at: number): void {
    const { success, durationSeconds, failure, tls, rateLimit } = result
    // It was down until now, also where nobody looked meanwhile.
    if (this.#down) this.#lastDownAt = at
    if (success) this.#lastSuccessAt = at
    // The first failure counts for one interval, whatever came before it: time without checks is no failure.
    else if (!this.#failing) this.#lastSuccessAt = at - this.#target.interval
    this.#failing = !success
    this.#lastCheckAt = at
    this.#newest = result
    const { interval, alertAfter, maintenance } = this.#target
    const maintainedUntil = maintenanceEnd(maintenance, at)
    if (maintainedUntil !== undefined) this.#maintainedUntil = maintainedUntil
    // It was taken out of the configuration.
    else if (this.#maintainedUntil > at) this.#maintainedUntil = -Infinity
    if (this.#failing && this.#failingFor >= alertAfter - interval) this.#holdsUntil = at + interval
    this.#samples.add({
      at,
      durationSeconds,
      ...(failure && { reason: failure.reason }),
      ...(tls && tls.chain.length > 0 && { certificateExpiry: tls.earliestExpiry }),
      ...(rateLimit?.remaining !== undefined && { requestsLeft: rateLimit.remaining }),
    })
  }

  /**
   * Decides every alert that is due.
   *
   * @param checked Whether a check has just ended.
   * @param heldUntil Until when what it depends on holds its alerts back.
   * @returns What somebody is to be told.
   */
  evaluate(now: number, checked: boolean, heldUntil: number): Alert[] {
    if (this.#lastCheckAt === undefined) return []
    if (this.#down) this.#lastDownAt = now
    const view = this.#view(now)
    // It has that time to recover in its turn.
    const until = Math.max(heldUntil, this.#maintainedUntil)
    const heldBack = this.#lastCheckAt - until < this.#target.alertAfter
    const due = dueRules(this.#rules, this.#target.interval, checked)
    return [
      ...due.flatMap((rule) => this.#decide(rule, view, checked, heldBack && rule.dependent)),
      ...this.#rules.flatMap((rule) => this.#tell(rule, now, checked)),
    ]
  }

  /** Ends every alert: the target is no longer watched. */
  end(now: number): Alert[] {
    return [...this.#alerts.keys()].flatMap((id) => this.#resolve(id, now))
  }

  firing(): Alert[] {
    return [...this.#alerts.values()].map(asAlert)
  }

  /** The wall clock has jumped by so many seconds. */
  shift(seconds: number): void {
    this.#samples.shift(seconds)
    if (this.#lastCheckAt !== undefined) this.#lastCheckAt += seconds
    this.#lastSuccessAt += seconds
    this.#lastDownAt += seconds
    this.#holdsUntil += seconds
    for (const [id, until] of this.#heldUntil) this.#heldUntil.set(id, until + seconds)
    for (const [id, since] of this.#pendingSince) this.#pendingSince.set(id, since + seconds)
    for (const alert of this.#alerts.values()) {
      alert.heldAt += seconds
      if (alert.toldAt !== undefined) alert.toldAt += seconds
    }
  }

  /** Nothing where it was never checked. */
  state(): TargetState | undefined {
    if (this.#lastCheckAt === undefined) return undefined
    return {
      series: this.series,
      lastCheckAt: this.#lastCheckAt,
      lastSuccessAt: this.#lastSuccessAt,
      failing: this.#failing,
      ...(this.#lastDownAt > -Infinity && { lastDownAt: this.#lastDownAt }),
      ...(this.#holdsUntil > -Infinity && { holdsUntil: this.#holdsUntil }),
      ...(this.#maintainedUntil > -Infinity && { maintainedUntil: this.#maintainedUntil }),
      alerts: Object.fromEntries(this.#alerts),
    }
  }

  #restore(state: TargetState, now: number): void {
    this.#lastCheckAt = state.lastCheckAt
    this.#lastSuccessAt = state.lastSuccessAt
    this.#failing = state.failing
    this.#lastDownAt = state.lastDownAt ?? -Infinity
    this.#holdsUntil = state.holdsUntil ?? -Infinity
    this.#maintainedUntil = state.maintainedUntil ?? -Infinity
    for (const rule of this.#rules) {
      const alert = state.alerts[rule.id]
      if (!alert) continue
      // Told at once: whether it was told before the process ended is not known for sure.
      this.#alerts.set(rule.id, alert.toldAt === undefined ? alert : { ...alert, toldAt: -Infinity })
      this.#heldUntil.set(rule.id, now + rule.window(this.#target.interval))
    }
  }

  get #down(): boolean {
    return this.#failingFor > 0 && this.#failingFor >= this.#target.alertAfter
  }

  get #failingFor(): number {
    return this.#failing ? (this.#lastCheckAt ?? 0) - this.#lastSuccessAt : 0
  }

  #view(now: number): TargetView {
    const { failure, command, credentials = [], rateLimit } = this.#newest ?? {}
    const output = command?.output.trim() ?? ''
    return {
      target: this.#target,
      now,
      samples: this.#samples,
      lastSuccessAt: this.#lastSuccessAt,
      failingFor: this.#failingFor,
      down: this.#down,
      lastDownAt: this.#lastDownAt,
      ...(failure && { reason: failure.reason }),
      ...(output !== '' && { output: this.#shown(output) }),
      credentials,
      ...(rateLimit && { rateLimit }),
    }
  }

  #shown(output: string): string {
    return excerpt(plainText(redact(output, this.#target.secrets)), maxOutput)
  }

  #decide(rule: AlertRule, view: TargetView, checked: boolean, heldBack: boolean): Alert[] {
    const { now } = view
    const value = rule.decide(view)
    const active = this.#alerts.get(rule.id)
    if (value !== undefined) {
      this.#heldUntil.delete(rule.id)
      if (active) {
        active.heldAt = now
        if (this.#isDue(active, now, checked))
          active.annotations = refreshed(active, rule.annotations(view, value))
      } else if (!heldBack && this.#hasHeld(rule, now)) {
        const labels = {
          ...this.#labels,
          ...rule.labels,
          alertname: rule.alertname,
          ...(rule.severity !== undefined && { severity: rule.severity }),
        }
        this.#alerts.set(rule.id, {
          startsAt: now,
          heldAt: now,
          labels,
          annotations: rule.annotations(view, value),
        })
      }
      return []
    }
    this.#pendingSince.delete(rule.id)
    if (!active || now < (this.#heldUntil.get(rule.id) ?? -Infinity)) return []
    const keeps = rule.keepFiringFor > 0 && now - active.heldAt <= rule.keepFiringFor
    return keeps ? [] : this.#resolve(rule.id, now)
  }

  /** Whether the condition of an alert holds for as long as it takes. */
  #hasHeld({ id, holdsFor }: AlertRule, now: number): boolean {
    if (holdsFor === undefined) return true
    const since = this.#pendingSince.get(id) ?? now
    this.#pendingSince.set(id, since)
    return now - since >= holdsFor && this.#pendingSince.delete(id)
  }

  #tell({ id, heldBackBy }: AlertRule, now: number, checked: boolean): Alert[] {
    const alert = this.#alerts.get(id)
    if (!alert || !this.#isDue(alert, now, checked) || heldBackBy.some((other) => this.#alerts.has(other)))
      return []
    alert.toldAt = now
    return [asAlert(alert)]
  }

  /** Who repeats notifications at the 2nd, 4th, 8th check finds fresh words then. */
  #isDue({ toldAt, startsAt }: ActiveAlert, now: number, checked: boolean): boolean {
    if (toldAt === undefined || now - toldAt >= tellAgainAfter) return true
    return checked && now - toldAt >= toldAt - startsAt + this.#target.interval / 2
  }

  #resolve(id: string, now: number): Alert[] {
    const alert = this.#alerts.get(id)
    this.#alerts.delete(id)
    this.#heldUntil.delete(id)
    // What nobody was told of needs no end.
    if (alert?.toldAt === undefined) return []
    return [{ ...asAlert(alert), status: 'resolved', endsAt: new Date(now * 1000) }]
  }
}
