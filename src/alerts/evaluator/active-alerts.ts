import type { Alert } from '../alert.ts'
import { abandoned, asAlert, refreshed, relabelled, resolved, type Abandonment } from './active-alert.ts'
import type { ExaminedRule } from './examined.ts'
import type { Lifecycle, Rule } from './rules/rule.ts'
import type { ActiveAlert } from './state.ts'

/** Seconds after which an alert that still fires is sent again, with fresh words. */
const tellAgainAfter = 300

/** What is sent most of the time. */
const nothing: readonly Alert[] = []

/** When an alert is decided. Times are unix seconds. */
export interface Moment {
  readonly now: number
  /** Seconds between two checks of the target, where a check has just ended: notifications may go by checks. */
  readonly checkedEvery?: number
}

/** The alerts of one target, from the first time that a condition holds to the end. */
export class ActiveAlerts {
  #labels: Readonly<Record<string, string>>
  readonly #alerts = new Map<string, ActiveAlert>()
  /** Until when an alert of an earlier process goes on: what it was decided by is gone. */
  readonly #heldUntil = new Map<string, number>()
  /** Since when the condition holds of an alert that has not begun yet. */
  readonly #pendingSince = new Map<string, number>()

  /** @param labels Those of the target, which every alert has. */
  constructor(labels: Readonly<Record<string, string>>) {
    this.#labels = labels
  }

  /** Takes over what an earlier process left. It is sent at once: nobody knows for sure whether it was sent before. */
  restore(
    saved: Readonly<Record<string, ActiveAlert>>,
    rules: readonly Lifecycle[],
    interval: number,
    now: number,
  ): void {
    for (const { id, window, remembered } of rules) {
      const alert = saved[id]
      if (!alert) continue
      this.#alerts.set(id, alert.toldAt === undefined ? alert : { ...alert, toldAt: 0 })
      if (!remembered) this.#heldUntil.set(id, now + window(interval))
    }
    this.relabel(this.#labels, rules)
  }

  /** The target has other labels now, or another name. What fires goes on as the same alert. */
  relabel(labels: Readonly<Record<string, string>>, rules: readonly Lifecycle[]): void {
    this.#labels = labels
    for (const rule of rules) {
      const alert = this.#alerts.get(rule.id)
      if (alert) this.#alerts.set(rule.id, relabelled(alert, this.#labelsOf(rule)))
    }
  }

  /**
   * Decides one alert.
   *
   * @param heldBack Whether it must not begin.
   * @returns Its end, where it ends now and was sent.
   */
  decide<View>(rule: Rule<View>, view: View, moment: Moment, heldBack: boolean): readonly Alert[] {
    const value = rule.decide(view, this.#alerts.has(rule.id))
    const { now } = moment
    const active = this.#alerts.get(rule.id)
    // What was held back has held for no time at all.
    if (value === undefined || (heldBack && !active)) return this.#lapse(rule, now)
    if (active) {
      active.heldAt = now
      if (isDue(active, moment)) active.annotations = refreshed(active, rule.annotations(view, value))
    } else if (this.#hasHeld(rule, now)) {
      this.#alerts.set(rule.id, {
        startsAt: now,
        begunAt: now,
        heldAt: now,
        labels: this.#labelsOf(rule),
        annotations: rule.annotations(view, value),
      })
    }
    return nothing
  }

  /** The alert of the rule, where it fires and is due to be sent. */
  send({ id, heldBackBy }: Lifecycle, moment: Moment): readonly Alert[] {
    const alert = this.#alerts.get(id)
    if (!alert || !isDue(alert, moment) || heldBackBy.some((other) => this.#alerts.has(other))) return nothing
    alert.toldAt = moment.now
    return [asAlert(alert)]
  }

  /** Ends every alert, because the target is no longer watched. @returns The ends of those that were sent. */
  abandon(now: number, why: Abandonment): Alert[] {
    const alerts = [...this.#alerts.values()]
    this.#alerts.clear()
    this.#heldUntil.clear()
    return alerts.flatMap((alert) => abandoned(alert, now, why))
  }

  firing(): Alert[] {
    return [...this.#alerts.values()].map(asAlert)
  }

  /** What is known of the alert of the rule of this `id`. */
  examine(id: string): Omit<ExaminedRule, 'rule'> {
    const alert = this.#alerts.get(id)
    const since = this.#pendingSince.get(id)
    return {
      ...(alert && { firing: alert }),
      ...(since !== undefined && { pendingSince: since }),
    }
  }

  /** Whether the alert of the rule of this `id` fires. */
  isActive(id: string): boolean {
    return this.#alerts.has(id)
  }

  /** The wall clock has jumped by so many seconds. */
  shift(seconds: number): void {
    for (const [id, until] of this.#heldUntil) this.#heldUntil.set(id, until + seconds)
    for (const [id, since] of this.#pendingSince) this.#pendingSince.set(id, since + seconds)
    for (const alert of this.#alerts.values()) {
      alert.begunAt += seconds
      alert.heldAt += seconds
      if (alert.toldAt !== undefined) alert.toldAt += seconds
    }
  }

  /** By the `id` of their rules. */
  state(): Record<string, ActiveAlert> {
    return Object.fromEntries(this.#alerts)
  }

  #labelsOf({ alertname, severity, labels }: Lifecycle): Record<string, string> {
    return { ...this.#labels, ...labels, alertname, ...(severity !== undefined && { severity }) }
  }

  #lapse({ id, keepFiringFor }: Lifecycle, now: number): readonly Alert[] {
    this.#pendingSince.delete(id)
    const active = this.#alerts.get(id)
    if (!active || now < (this.#heldUntil.get(id) ?? -Infinity)) return nothing
    return keepFiringFor > 0 && now - active.heldAt <= keepFiringFor ? nothing : this.#resolve(id, now)
  }

  /** Whether the condition of an alert has held for as long as it takes. */
  #hasHeld({ id, holdsFor }: Lifecycle, now: number): boolean {
    if (holdsFor === undefined) return true
    const since = this.#pendingSince.get(id) ?? now
    this.#pendingSince.set(id, since)
    return now - since >= holdsFor && this.#pendingSince.delete(id)
  }

  #resolve(id: string, now: number): Alert[] {
    const alert = this.#alerts.get(id)
    this.#alerts.delete(id)
    this.#heldUntil.delete(id)
    return alert ? resolved(alert, now) : []
  }
}

/** Channels that repeat notifications at the 2nd, 4th, 8th check find fresh words then. */
function isDue({ toldAt, begunAt }: ActiveAlert, { now, checkedEvery }: Moment): boolean {
  if (toldAt === undefined || now - toldAt >= tellAgainAfter) return true
  return checkedEvery !== undefined && now - toldAt >= toldAt - begunAt + checkedEvery / 2
}
