import { Evaluator } from '../../../src/alerts/evaluator/evaluator.ts'
import { alertRules } from '../../../src/alerts/evaluator/rules/index.ts'
import type { Target } from '../../../src/config/target/target.ts'
import type { AlertRule } from '../../../src/alerts/evaluator/rules/rule.ts'
import { resultOf } from './timed-result.ts'
import type { TimedCheck, Timeline } from './timelines.ts'

/** What the evaluator says at one moment. */
export interface Moment {
  readonly at: number
  /** The ids of the rules whose alert fires. */
  readonly firing: ReadonlySet<string>
  /** Fresh words of the alerts whose condition holds, by the id of their rule. */
  readonly holds: ReadonlyMap<string, Readonly<Record<string, string>>>
}

/**
 * Plays a story to the evaluator, which is asked on a grid, as Prometheus evaluates its rules. Nothing while in a gap.
 *
 * @param judged The rules that are decided. Default: all of them.
 */
export function play(timeline: Timeline, every: number, judged: readonly AlertRule[] = alertRules): Moment[] {
  const { target, gaps, length, parent } = timeline
  const holds = new Map<string, Readonly<Record<string, string>>>()
  const rules = judged.map((rule) => ({
    ...rule,
    decide: (view: Parameters<typeof rule.decide>[0], firing: boolean) => {
      const value = rule.decide(view, firing)
      if (view.target.name !== target.name) return value
      if (value === undefined) holds.delete(rule.id)
      else holds.set(rule.id, rule.annotations(view, value))
      return value
    },
  }))
  const begin = (now: number, state = {}): Evaluator => {
    const made = new Evaluator({ location: 'here', rules: { targets: rules }, state })
    made.setTargets({ targets: parent ? [parent.target, target] : [target] }, now)
    return made
  }
  // What happens at the same time Prometheus sees at once: what the target depends on comes first.
  const checks = [...(parent ? checksOf(parent) : []), ...checksOf(timeline)].sort((a, b) => a.at - b.at)
  let evaluator = begin(0)
  let next = 0
  const moments: Moment[] = []
  for (let at = 0; at < length; at += every) {
    const gap = gaps.find(({ from, until }) => at >= from && at < until)
    if (gap) continue
    const over = gaps.find(({ until }) => until > at - every && until <= at)
    // What outlives the process has been JSON.
    if (over?.restart) evaluator = begin(at, JSON.parse(JSON.stringify(evaluator.state())) as object)
    for (let check = checks[next]; check && check.at <= at; check = checks[++next]) {
      evaluator.observe(check.target, resultOf(check), check.at, check.at)
    }
    evaluator.tick(at)
    const alerts = evaluator.firing().filter(({ labels }) => labels.target === target.name)
    const firing = new Set(
      alerts.map(
        ({ labels }) =>
          alertRules.find(
            ({ alertname, severity }) =>
              alertname === labels.alertname && (severity ?? target.severity) === labels.severity,
          )!.id,
      ),
    )
    // That of a failure stays what it was when its alert began.
    const down = alerts.find(({ labels }) => labels.alertname === 'TargetDown')
    const fresh = holds.get('TargetDown')
    if (down && fresh) holds.set('TargetDown', { ...fresh, failing_since: down.annotations.failing_since! })
    moments.push({ at, firing, holds: new Map(holds) })
  }
  return moments
}

function checksOf({ target, checks }: Timeline): (TimedCheck & { readonly target: Target })[] {
  return checks.map((check) => ({ ...check, target }))
}
