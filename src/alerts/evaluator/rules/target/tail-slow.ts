import { targetAnnotations } from '../annotations.ts'
import { absent, measured, type Condition } from '../condition.ts'
import { humanizeDuration } from '../go-format.ts'
import { quantile } from '../quantile.ts'
import type { AlertRule, TargetView } from '../rule.ts'
import { durationsWithin } from './durations.ts'
import { isOutage, outageConditions } from './outage.ts'

const hour = 3600
const day = 86_400

/** Seconds. Over it, an hour holds too few checks. */
const longInterval = 30

/** Of fewer checks, the 99th percentile is nearly the slowest one: a single slow check would be an alert. */
const fewestChecks = 100

/** An alert begins when 1 check in 100 is slow, and goes on while 1 in 200 is: a latency at the limit is one alert, not fifty. */
const beginsAt = 0.99
const goesOnAt = 0.995

function windowOf(interval: number): number {
  return interval > longInterval ? day : hour
}

function isSlow(view: TargetView, limit: number, firing: boolean): number | undefined {
  const { target, samples, now } = view
  const window = windowOf(target.interval)
  if (isOutage(view, window) || !samples.mayExceed(limit, hour, now)) return undefined
  const { ascending, checks } = durationsWithin(view, window)
  if (checks < fewestChecks || quantile(ascending, firing ? goesOnAt : beginsAt) <= limit) return undefined
  return window === day && slowest(view) <= limit ? undefined : quantile(ascending, beginsAt)
}

/** Of the last hour. */
function slowest(view: TargetView): number {
  return durationsWithin(view, hour).ascending.at(-1) ?? 0
}

function conditions(view: TargetView, limit: number, firing: boolean): Condition[] {
  const window = windowOf(view.target.interval)
  const over = window === day ? '1d' : '1h'
  const { ascending, checks } = durationsWithin(view, window)
  const took = (what: string, seconds: number): Condition =>
    measured(what, seconds, 'seconds', 'more than', limit, 'expect.max_latency_p99')
  const enough = measured(`it was checked {} times within ${over}`, checks, 'count', 'at least', fewestChecks)
  if (ascending.length === 0) return [enough]
  return [
    ...outageConditions(view, window),
    enough,
    ...(window === day ? [took('the slowest check of the last hour took {}', slowest(view))] : []),
    firing
      ? took(`1 in 200 of its checks within ${over} took {} or more`, quantile(ascending, goesOnAt))
      : took(`1 in 100 of its checks within ${over} took {} or more`, quantile(ascending, beginsAt)),
  ]
}

/** The slowest checks take longer than expected, though the median may be fine. Only where a limit is set. */
export const targetTailSlow: AlertRule = {
  id: 'TargetTailSlow',
  alertname: 'TargetTailSlow',
  severity: 'warning',
  keepFiringFor: 300,
  window: windowOf,
  dependent: true,
  heldBackBy: ['TargetDown'],
  decide(view, firing) {
    const { maxLatencyP99: limit } = view.target.expect
    return limit === undefined ? undefined : isSlow(view, limit, firing)
  },
  conditions(view, firing) {
    const { maxLatencyP99: limit } = view.target.expect
    return [
      limit === undefined ? [absent('expect.max_latency_p99 is not set')] : conditions(view, limit, firing),
    ]
  },
  annotations({ target }, value) {
    const over = windowOf(target.interval) === day ? '1d' : '1h'
    const { maxLatencyP99 = 0 } = target.expect
    const limit = humanizeDuration(maxLatencyP99)
    const seen =
      value > maxLatencyP99
        ? `${humanizeDuration(value)} (99th percentile of ${over}), expected at most ${limit}`
        : `more than ${limit} in 1 of 200 checks or more (${over})`
    return {
      summary: `${target.name} takes ${seen}`,
      description:
        'Most checks may be fast: 1 in 100 took longer when it began, and it ends when fewer than 1 in 200 do, or when none of the last hour does.',
      ...targetAnnotations(target, 'TargetTailSlow'),
    }
  },
}
