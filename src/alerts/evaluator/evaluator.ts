import type { Target } from '../../config/target/target.ts'
import type { ProbeResult } from '../../checks/result.ts'
import type { Alert } from '../alert.ts'
import { fingerprintOf } from './fingerprint.ts'
import type { AlertRule } from './rules/rule.ts'
import { alertRules, limitRules } from './rules/index.ts'
import type { EvaluatorState, TargetState } from './state.ts'
import { WatchedTarget, type Health } from './watched-target.ts'

export interface EvaluatorOptions {
  /** Where the targets are probed from. */
  readonly location: string
  /** Default: those of Probity. */
  readonly rules?: readonly AlertRule[]
  /** What an earlier process left behind. */
  readonly state?: EvaluatorState['targets']
}

/**
 * Decides, without Prometheus, when an alert about a target begins and ends. It has no clock and does nothing by itself: every
 * call takes the time, in unix seconds, and returns what somebody is to be told.
 */
export class Evaluator {
  readonly #location: string
  readonly #rules: readonly AlertRule[]
  readonly #watched = new Map<string, WatchedTarget>()
  readonly #left: Map<string, TargetState>

  constructor({ location, rules = [...alertRules, ...limitRules], state = {} }: EvaluatorOptions) {
    this.#location = location
    this.#rules = rules
    this.#left = new Map(Object.entries(state))
  }

  /**
   * Watches these targets and no others. The alerts of one that is gone end; so do those of one whose labels have changed,
   * because it is another series.
   */
  setTargets(targets: readonly Target[], now: number): Alert[] {
    const alerts: Alert[] = []
    const names = new Set(targets.map(({ name }) => name))
    for (const [name, watched] of this.#watched) {
      if (names.has(name)) continue
      alerts.push(...watched.end(now))
      this.#watched.delete(name)
    }
    for (const target of targets) alerts.push(...this.#set(target, now))
    for (const state of this.#left.values()) alerts.push(...endOf(state, now))
    this.#left.clear()
    return alerts
  }

  /** Takes the result of a check that was made just now. */
  observe(target: Target, result: ProbeResult, at: number, now: number): Alert[] {
    const watched = this.#watched.get(target.name)
    if (!watched) return []
    watched.observe(result, at)
    return this.#evaluate(watched, now, true)
  }

  /** Decides every alert of every target: time passes without checks too. */
  tick(now: number): Alert[] {
    return [...this.#watched.values()].flatMap((watched) => this.#evaluate(watched, now, false))
  }

  firing(): Alert[] {
    return [...this.#watched.values()].flatMap((watched) => watched.firing())
  }

  health(name: string): Health {
    return this.#watched.get(name)?.health ?? 'unknown'
  }

  /** When a target was last checked, in unix seconds. */
  lastCheckAt(name: string): number | undefined {
    return this.#watched.get(name)?.lastCheckAt
  }

  /** The wall clock has jumped by so many seconds. */
  shift(seconds: number): void {
    for (const watched of this.#watched.values()) watched.shift(seconds)
  }

  state(): EvaluatorState['targets'] {
    return Object.fromEntries(
      [...this.#watched].flatMap(([name, watched]) => {
        const state = watched.state()
        return state ? [[name, state]] : []
      }),
    )
  }

  #evaluate(watched: WatchedTarget, now: number, checked: boolean): Alert[] {
    const parents = watched.target.dependsOn ?? []
    const heldUntil = Math.max(
      -Infinity,
      ...parents.map((name) => this.#watched.get(name)?.holdsUntil ?? -Infinity),
    )
    return watched.evaluate(now, checked, heldUntil)
  }

  #set(target: Target, now: number): Alert[] {
    const { name } = target
    const left = this.#left.get(name)
    const fresh = new WatchedTarget({ target, location: this.#location, rules: this.#rules, now })
    const before = this.#watched.get(name)
    if (before?.series === fresh.series) {
      before.configure(target)
      return this.#evaluate(before, now, false)
    }
    if (left?.series === fresh.series) {
      this.#left.delete(name)
      const options = { target, location: this.#location, rules: this.#rules, state: left, now }
      this.#watched.set(name, new WatchedTarget(options))
      return []
    }
    this.#watched.set(name, fresh)
    return before?.end(now) ?? []
  }
}

/** The ends of what an earlier process has told of. */
function endOf(state: TargetState, now: number): Alert[] {
  return Object.values(state.alerts).flatMap(({ toldAt, startsAt, labels, annotations }) =>
    toldAt === undefined
      ? []
      : [
          {
            status: 'resolved' as const,
            labels,
            annotations,
            startsAt: new Date(startsAt * 1000),
            endsAt: new Date(now * 1000),
            fingerprint: fingerprintOf(labels),
          },
        ],
  )
}
