import { targetLabels } from '../../config/target/labels.ts'
import type { Target } from '../../config/target/target.ts'
import type { FailureReason } from '../../net/failure.ts'
import type { ProbeResult } from '../../checks/result.ts'
import type { Alert } from '../alert.ts'
import type { Abandonment } from './active-alert.ts'
import { ActiveAlerts } from './active-alerts.ts'
import { dueRules, evaluationSeconds } from './due-rules.ts'
import type { Examined } from './examined.ts'
import type { Sighting } from './network/addresses.ts'
import { Reachability } from './network/reachability.ts'
import { Maintained } from './maintained.ts'
import { seenIn, type Seen } from './checks/newest.ts'
import { Outcomes } from './checks/outcomes.ts'
import { Recurrence } from './recurrence.ts'
import type { AlertRule, TargetView } from './rules/rule.ts'
import { targetDown } from './rules/target/down.ts'
import { targetFlapping } from './rules/target/flapping.ts'
import { sampledAlike, sampleOf, Samples } from './checks/samples.ts'
import { Streak } from './checks/streak.ts'
import type { TargetState } from './state.ts'
import { isHeld, type Surroundings } from './surroundings.ts'
import { Turns } from './checks/turns.ts'

/** What the newest checks say: `down` as TargetDown has it, `degraded` where the newest one failed or was slow. */
export type Health = 'down' | 'degraded' | 'up' | 'unknown'

export interface WatchedTargetOptions {
  readonly target: Target
  readonly location: string
  readonly rules: readonly AlertRule[]
  /** What an earlier process left behind. */
  readonly state?: TargetState | undefined
  /** Unix seconds. */
  readonly now: number
}

/** One target, what its checks came to, and its alerts. Times are unix seconds. */
export class WatchedTarget {
  readonly #rules: readonly AlertRule[]
  readonly #alerts: ActiveAlerts
  readonly #location: string
  readonly #outcomes: Outcomes
  #turns = new Turns()
  readonly #recurrence = new Recurrence()
  #target: Target
  #samples: Samples
  #streak = new Streak()
  #lastDownAt = -Infinity
  #foundDownAt = -Infinity
  #holdsUntil = -Infinity
  #maintained = new Maintained()
  #reachability = new Reachability()
  #heldBackByNetwork = false
  #seen: Seen = seenIn(undefined, undefined, [])
  #domain: TargetView['domain']

  constructor({ target, location, rules, state, now }: WatchedTargetOptions) {
    this.#target = target
    this.#rules = rules
    this.#location = location
    this.#alerts = new ActiveAlerts(targetLabels(target, location))
    this.#samples = new Samples(target)
    this.#outcomes = new Outcomes(target.interval)
    if (state) this.#restore(state, now)
  }

  get target(): Target {
    return this.#target
  }

  /** What the rules of its calls look at. */
  get probe(): Pick<TargetView, 'target' | 'samples'> {
    return { target: this.#target, samples: this.#samples }
  }

  get lastCheckAt(): number | undefined {
    return this.#streak.lastCheckAt
  }

  /** Whether the newest check failed. */
  get failing(): boolean {
    return this.#streak.failing
  }

  get health(): Health {
    if (this.lastCheckAt === undefined) return 'unknown'
    if (this.#down) return 'down'
    const slow = (this.#seen.newest?.durationSeconds ?? 0) > this.#target.expect.maxLatency
    return this.failing || slow ? 'degraded' : 'up'
  }

  /**
   * Until when it holds back the alerts of those that depend on it: while it is down, until its next check. One failed check
   * before it is down it begins: targets that depend on it fail at the same time, and may be checked a moment earlier.
   */
  get holdsUntil(): number {
    return this.#holdsUntil
  }

  /** What it says about the network of the prober. */
  get sighting(): Sighting {
    return this.#reachability.sighting(this.#target)
  }

  get unreachableBy(): FailureReason | undefined {
    return this.#reachability.unreachableBy
  }

  /** Whether TargetDown would fire, were it not for the network of the prober. */
  get heldBackByNetwork(): boolean {
    return this.#heldBackByNetwork
  }

  /** Takes another configuration of the target, which may have another name now. What was seen, and what fires, stays. */
  configure(target: Target): void {
    if (!sampledAlike(target, this.#target)) this.#samples = new Samples(target, this.#samples)
    this.#outcomes.configure(target.interval)
    this.#target = target
    this.#seen = seenIn(this.#seen.newest, this.#seen.newestFailure, target.secrets)
    this.#alerts.relabel(targetLabels(target, this.#location), this.#rules)
  }

  observe(result: ProbeResult, at: number): void {
    const { success, failure } = result
    // It was down until now, also where nobody looked meanwhile.
    if (this.#down) this.#lastDownAt = at
    const { interval, alertAfter, maintenance } = this.#target
    if (this.lastCheckAt !== undefined && this.failing === success)
      this.#turns.turn(this.lastCheckAt, at, interval)
    this.#streak.observe(success, at, this.#target)
    this.#seen = seenIn(result, failure ? result : this.#seen.newestFailure, this.#target.secrets)
    if (result.domain) this.#domain = { expiresAt: result.domain.expiresAt, at }
    this.#reachability.observe(result)
    if (this.#down) this.#foundDownAt = at
    this.#maintained.observe(maintenance, at)
    const nearlyDown = this.failing && this.#streak.failingFor >= alertAfter - interval
    if (nearlyDown || this.#isRecovering) this.#holdsUntil = at + interval
    this.#outcomes.add(at, failure?.reason)
    this.#samples.add(sampleOf(result, at))
  }

  /**
   * Decides every alert that is due.
   *
   * @param checked Whether a check has just ended.
   * @returns What is to be sent.
   */
  evaluate(now: number, checked: boolean, { heldUntil, networkDown, calls }: Surroundings): Alert[] {
    const { lastCheckAt } = this
    if (lastCheckAt === undefined) return []
    if (this.#down) this.#lastDownAt = now
    const between = checked && this.#target.interval < evaluationSeconds
    if (between) this.#turns.see(this.#failsLong)
    else this.#turns.evaluate(this.#down, now - evaluationSeconds)
    if (!between && !this.#down && !this.#turns.down) this.#streak.recovery.settle()
    const view = this.#view(now, calls)
    if (networkDown) this.#reachability.holdUntil(lastCheckAt + this.#target.interval)
    const otherwise = isHeld(Math.max(heldUntil, this.#maintained.until), lastCheckAt, this.#target)
    const heldBack = otherwise || isHeld(this.#reachability.heldUntil, lastCheckAt, this.#target)
    const mayBeUp = !this.#down && (between || this.#turns.down)
    const moment = { now, ...(checked && { checkedEvery: this.#target.interval }) }
    const alerts: Alert[] = []
    for (const rule of dueRules(this.#rules, this.#target.interval, checked)) {
      if (mayBeUp && this.#lingers(rule)) continue
      // A target that goes up and down is one alert, which says so.
      const flaps = rule.id === targetDown.id && this.#alerts.isActive(targetFlapping.id)
      // Nor is one that goes up and down before it has recovered a second one.
      const recovers =
        rule.id === targetFlapping.id && this.#recoverAfter > 1 && this.#alerts.isActive(targetDown.id)
      const mustNotBegin = (heldBack && rule.dependent) || flaps || recovers
      alerts.push(...this.#alerts.decide(rule, view, moment, mustNotBegin))
    }
    const isDown = this.#alerts.isActive(targetDown.id)
    this.#recurrence.see(isDown, now)
    this.#heldBackByNetwork =
      this.#down && networkDown && this.unreachableBy !== undefined && !otherwise && !isDown
    for (const rule of this.#rules) alerts.push(...this.#alerts.send(rule, moment))
    return alerts
  }

  /** The ids of the rules whose alerts fire. */
  get active(): string[] {
    return this.#rules.flatMap(({ id }) => (this.#alerts.isActive(id) ? id : []))
  }

  /** What the rules look at now, and what they have come to, for people who ask why. Nothing where it was never checked. */
  examine(now: number, calls: TargetView['calls']): Omit<Examined, 'parents'> | undefined {
    const { lastCheckAt } = this
    if (lastCheckAt === undefined) return undefined
    return {
      view: this.#view(now, calls),
      lastCheckAt,
      maintainedUntil: this.#maintained.until,
      networkUntil: this.#reachability.heldUntil,
      rules: this.#rules.map((rule) => ({ rule, ...this.#alerts.examine(rule.id) })),
    }
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
    this.#samples.shift(seconds)
    this.#outcomes.shift(seconds)
    this.#turns.shift(seconds)
    this.#streak.shift(seconds)
    this.#lastDownAt += seconds
    this.#foundDownAt += seconds
    this.#holdsUntil += seconds
    if (this.#domain) this.#domain = { ...this.#domain, at: this.#domain.at + seconds }
    this.#reachability.shift(seconds)
    this.#alerts.shift(seconds)
  }

  /** Nothing where it was never checked. */
  state(): TargetState | undefined {
    const streak = this.#streak.state()
    return (
      streak && {
        ...streak,
        ...(this.#lastDownAt > -Infinity && { lastDownAt: this.#lastDownAt }),
        ...(this.#holdsUntil > -Infinity && { holdsUntil: this.#holdsUntil }),
        ...this.#maintained.state(),
        ...this.#reachability.state(),
        ...this.#turns.state(),
        alerts: this.#alerts.state(),
      }
    )
  }

  #restore(state: TargetState, now: number): void {
    this.#streak = new Streak(state)
    this.#lastDownAt = state.lastDownAt ?? -Infinity
    this.#holdsUntil = state.holdsUntil ?? -Infinity
    this.#maintained = new Maintained(state.maintainedUntil)
    this.#reachability = new Reachability(state)
    this.#turns = new Turns(state.turns)
    this.#alerts.restore(state.alerts, this.#rules, this.#target.interval, now)
  }

  /** Outages that are closer together than evaluations are one, which has one end. */
  #lingers({ id, lingers = 'never' }: AlertRule): boolean {
    if (id === targetDown.id && this.#recoverAfter > 1) return true
    if (lingers === 'never' || this.#alerts.isActive(targetFlapping.id)) return false
    return this.#alerts.isActive(id) && (lingers === 'always' || this.#recurrence.again)
  }

  get #down(): boolean {
    return this.#failsLong || this.#isRecovering
  }

  get #failsLong(): boolean {
    return this.#streak.isLong(this.#target)
  }

  get #isRecovering(): boolean {
    return this.#streak.recovery.isAwaited(this.#recoverAfter)
  }

  get #recoverAfter(): number {
    return this.#target.recoverAfter ?? 1
  }

  /** Key by key: it is made at every evaluation of every target, and a spread takes many times as long. */
  #view(now: number, calls: TargetView['calls']): TargetView {
    const { reason, output, newest, newestFailure, credentials, rateLimit } = this.#seen
    return {
      target: this.#target,
      now,
      samples: this.#samples,
      outcomes: this.#outcomes,
      turns: this.#turns,
      lastSuccessAt: this.#streak.lastSuccessAt,
      succeededAt: this.#streak.succeededAt,
      failingFor: this.#streak.failingFor,
      down: this.#down,
      passes: this.#isRecovering ? this.#streak.recovery.passes : undefined,
      lastDownAt: this.#lastDownAt,
      foundDownAt: this.#foundDownAt,
      reason,
      output,
      newest,
      newestFailure,
      credentials,
      domain: this.#domain,
      rateLimit,
      calls,
    }
  }
}
