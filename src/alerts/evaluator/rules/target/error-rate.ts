import { commonestReason, targetAnnotations } from '../annotations.ts'
import { measured, type Condition } from '../condition.ts'
import { humanizePercentage } from '../go-format.ts'
import type { AlertRule, TargetView } from '../rule.ts'
import { lowerBound } from '../wilson.ts'
import { isOutage, outageConditions } from './outage.ts'

/** Seconds. Over it, an hour holds too few checks. */
const longInterval = 600

const hour = 3600
const day = 86_400

function windowOf(interval: number): number {
  return interval > longInterval ? day : hour
}

interface Evidence {
  readonly ratio: number
  /** Checks really made, and never more than the window holds. */
  readonly checks: number
}

function evidence({ samples, outcomes, now, target }: TargetView, seconds: number): Evidence | undefined {
  // Nearly always nothing failed.
  if (!outcomes.mayHaveFailed(seconds, now)) return undefined
  let checks = 0
  let scrapes = 0
  let succeeded = 0
  samples.within(seconds, now, ({ reason }, seen) => {
    checks++
    scrapes += seen
    if (reason === undefined) succeeded += seen
  })
  if (scrapes === 0) return undefined
  // Subtracted, as the rules do it: 10 of 60 are then a little less than a sixth, there and here.
  return { ratio: 1 - succeeded / scrapes, checks: Math.min(checks, seconds / target.interval) }
}

function conditions(view: TargetView): Condition[] {
  const { target } = view
  const limit = target.expect.maxErrorRatio
  const seconds = windowOf(target.interval)
  const { ratio, checks } = evidence(view, seconds) ?? { ratio: 0, checks: 0 }
  const over = seconds === day ? '1d' : '1h'
  const share = (what: string, value: number): Condition =>
    measured(what, value, 'ratio', 'more than', limit, 'expect.max_error_rate')
  return [
    ...outageConditions(view, seconds),
    share(`{} of its checks within ${over} failed`, ratio),
    measured(`{} of its checks within ${over} failed`, ratio * checks, 'count', 'at least', 2.5),
    share(
      'of these, {} are more than chance explains',
      checks === 0 ? 0 : lowerBound(ratio * checks, checks, 2),
    ),
    ...(seconds === day
      ? [share('{} of its checks within 6h failed', evidence(view, 6 * hour)?.ratio ?? 0)]
      : []),
  ]
}

/** More checks fail than chance explains if the target kept to what is expected of it. */
export const targetErrorRateHigh: AlertRule = {
  id: 'TargetErrorRateHigh',
  alertname: 'TargetErrorRateHigh',
  severity: 'warning',
  keepFiringFor: 300,
  window: windowOf,
  dependent: true,
  heldBackBy: ['TargetDown'],
  decide: (view) => {
    const { target } = view
    const limit = target.expect.maxErrorRatio
    const seconds = windowOf(target.interval)
    if (isOutage(view, seconds)) return undefined
    const seen = evidence(view, seconds)
    if (seen === undefined) return undefined
    const failed = seen.ratio * seen.checks
    if (failed < 2.5 || lowerBound(failed, seen.checks, 2) <= limit) return undefined
    if (seconds === day && (evidence(view, 6 * hour)?.ratio ?? 0) <= limit) return undefined
    return seen.ratio
  },
  conditions: (view) => [conditions(view)],
  annotations: (view, value) => {
    const { target } = view
    const seconds = windowOf(target.interval)
    const reason = commonestReason(view, seconds) ?? ''
    const share = humanizePercentage(value)
    const limit = humanizePercentage(target.expect.maxErrorRatio)
    const over = seconds === day ? '1d' : '1h'
    return {
      summary: `${target.name} failed ${share} of its checks in ${over}, expected at most ${limit}, mostly: ${reason}`,
      description: 'More failures than chance explains for a target that meets its expectations.',
      reason,
      ...targetAnnotations(target, 'TargetErrorRateHigh'),
    }
  },
}
