import { targetAnnotations } from '../annotations.ts'
import { absent, measured, type Condition } from '../condition.ts'
import { humanizeDuration } from '../go-format.ts'
import { quantile } from '../quantile.ts'
import type { AlertRule, TargetView } from '../rule.ts'
import { durationsWithin } from './durations.ts'

/** Seconds of what is compared, and of the day before it. */
const recently = 600
const day = 86_400

/** Seconds. Over it, ten minutes hold too few checks. */
const longestInterval = 240

/** Of fewer checks it is not known what is usual. */
const fewestChecks = 100

/** Seconds. Of what takes a few milliseconds, three times as many disturb nobody. */
const leastDifference = 0.1

interface Latency {
  readonly now: number
  readonly usual: number
  readonly recentChecks: number
  readonly usualChecks: number
}

function latencyOf(view: TargetView): Latency {
  const recent = durationsWithin(view, recently)
  const before = durationsWithin(view, day, recently)
  return {
    now: quantile(recent.ascending, 0.5),
    usual: quantile(before.ascending, 0.5),
    recentChecks: recent.checks,
    usualChecks: before.checks,
  }
}

function conditions({ interval }: TargetView['target'], latency: Latency, factor: number): Condition[] {
  const { now, usual, recentChecks, usualChecks } = latency
  const checks = (what: string, count: number, least: number): Condition =>
    measured(what, count, 'count', 'at least', least)
  return [
    measured('it is checked every {}', interval, 'seconds', 'at most', longestInterval, 'interval'),
    checks('it was checked {} times within 10m', recentChecks, 3),
    checks('it was checked {} times within the day before', usualChecks, fewestChecks),
    ...(recentChecks === 0 || usualChecks === 0
      ? []
      : [
          measured(
            'half of its checks within 10m took {} times what is usual, or more',
            usual === 0 ? Infinity : now / usual,
            'count',
            'more than',
            factor,
            'expect.latency_spike',
          ),
          measured('that is {} longer than usual', now - usual, 'seconds', 'more than', leastDifference),
        ]),
  ]
}

/** Checks take several times as long as they did during the day before. Only where it is asked for; no limit is needed. */
export const targetLatencySpike: AlertRule = {
  id: 'TargetLatencySpike',
  alertname: 'TargetLatencySpike',
  severity: 'warning',
  keepFiringFor: 600,
  window: () => day + recently,
  dependent: true,
  heldBackBy: ['TargetDown'],
  decide(view) {
    const { target } = view
    const { latencySpike: factor } = target.expect
    if (factor === undefined || target.interval > longestInterval) return undefined
    const { now, usual, recentChecks, usualChecks } = latencyOf(view)
    if (recentChecks < 3 || usualChecks < fewestChecks) return undefined
    return now > factor * usual && now - usual > leastDifference ? now : undefined
  },
  conditions(view) {
    const { latencySpike: factor } = view.target.expect
    const unset = factor === undefined
    return [
      unset ? [absent('expect.latency_spike is not set')] : conditions(view.target, latencyOf(view), factor),
    ]
  },
  annotations(view, value) {
    const { target } = view
    return {
      summary: `${target.name} takes ${humanizeDuration(value)} (median of 10m), expected at most ${target.expect.latencySpike ?? 1} times its usual ${humanizeDuration(latencyOf(view).usual)}`,
      description:
        'What is usual is the median of the day before. A latency that stays becomes the usual one within a day, and the alert ends.',
      ...targetAnnotations(target, 'TargetLatencySpike'),
    }
  },
}
