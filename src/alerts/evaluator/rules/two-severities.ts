import type { Condition } from './condition.ts'
import type { AlertRule, TargetView } from './rule.ts'

/** What an alert about the time that is left has in both severities. */
export interface TwoSeverities extends Omit<
  AlertRule,
  'id' | 'severity' | 'heldBackBy' | 'decide' | 'conditions'
> {
  /** Seconds that are left, where that is less than expected. */
  readonly tooLittle: (view: TargetView) => number | undefined
  /** Seconds: less is critical. */
  readonly criticalBelow: number
  /** What it looks at, for people who ask why: the first condition is that of the warning. */
  readonly conditions: (view: TargetView) => readonly Condition[]
}

/** A warning where less is left than expected, and a critical alert where it is urgent, which holds the warning back. */
export function twoSeverities({
  tooLittle,
  criticalBelow,
  conditions,
  ...common
}: TwoSeverities): AlertRule[] {
  const critical = `${common.alertname} critical`
  return [
    {
      ...common,
      id: `${common.alertname} warning`,
      severity: 'warning',
      heldBackBy: [critical],
      decide: tooLittle,
      conditions: (view) => [conditions(view).slice(0, 1)],
    },
    {
      ...common,
      id: critical,
      severity: 'critical',
      heldBackBy: [],
      decide: (view) => {
        const left = tooLittle(view)
        return left !== undefined && left < criticalBelow ? left : undefined
      },
      conditions: (view) => [conditions(view)],
    },
  ]
}
