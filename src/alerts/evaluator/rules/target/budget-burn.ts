import { commonest, targetAnnotations } from '../annotations.ts'
import { measured, type Condition } from '../condition.ts'
import { humanizeDuration, humanizePercentage, urlQuery } from '../go-format.ts'
import type { AlertRule, TargetView } from '../rule.ts'
import { isOutage, outageConditions } from './outage.ts'

const minute = 60
const hour = 3600
const day = 86_400

/** A pace: this many times what the budget allows, over both windows. The short one ends the alert when the failures end. */
interface Pace {
  readonly times: number
  /** Seconds. */
  readonly long: number
  readonly short: number
  /**
   * What the failures of the long window are a share of: the checks that were made, or all that the window holds. Of a target that
   * is new, the first is the pace of minutes, and the second what it has used up.
   */
  readonly of: 'made' | 'held'
}

/** The share of checks within these seconds that failed. */
function failedShare({ outcomes, now }: TargetView, seconds: number): number {
  if (!outcomes.mayHaveFailed(seconds, now)) return 0
  const { scrapes, succeeded } = outcomes.within(seconds, now) ?? { scrapes: 1, succeeded: 1 }
  return 1 - succeeded / scrapes
}

/** How many checks were made within these seconds, and never more than they hold. */
function checksWithin({ outcomes, now, target }: TargetView, seconds: number): number {
  return Math.min(outcomes.within(seconds, now)?.checks ?? 0, seconds / target.interval)
}

/** The share of checks that failed, where they failed at that pace, and at least 3 did. */
function burned(view: TargetView, { times, long, short, of }: Pace): number | undefined {
  const { expect, interval } = view.target
  const limit = times * (1 - expect.slo)
  if (failedShare(view, short) <= limit) return undefined
  const share = failedShare(view, long)
  const failures = share * checksWithin(view, long)
  const isOver = of === 'made' ? share > limit : failures > (limit * long) / interval
  return isOver && failures >= 2.5 ? share : undefined
}

/** The same for people. */
function burning(view: TargetView, { times, long, short, of }: Pace): Condition[] {
  const { expect, interval } = view.target
  const limit = times * (1 - expect.slo)
  const over = (what: string, share: number): Condition =>
    measured(what, share, 'ratio', 'more than', limit, 'expect.slo')
  const within = (seconds: number): string => `{} of its checks within ${humanizeDuration(seconds)} failed`
  const count = failedShare(view, long) * checksWithin(view, long)
  const overLong =
    of === 'made'
      ? over(within(long), failedShare(view, long))
      : over(`{} of the checks that fit into ${humanizeDuration(long)} failed`, (count * interval) / long)
  return [
    over(within(short), failedShare(view, short)),
    overLong,
    measured(within(long), count, 'count', 'at least', 2.5),
  ]
}

function firstBurned(view: TargetView, paces: readonly Pace[]): number | undefined {
  for (const pace of paces) {
    const share = burned(view, pace)
    if (share !== undefined) return share
  }
  return undefined
}

function annotations(alertname: string, slowly: string, description: string, seconds: number) {
  return ({ target, outcomes, now }: TargetView, value: number): Record<string, string> => {
    const reason = commonest(outcomes.reasons(seconds, now)) ?? ''
    const share = humanizePercentage(value)
    return {
      summary: `${target.name} burns its error budget${slowly}: ${share} of its checks failed, ${humanizePercentage(target.expect.slo)} should succeed, mostly: ${reason}`,
      description,
      reason,
      ...targetAnnotations(target, alertname),
      dashboard_url: `/d/probity-slo?var-target=${urlQuery(target.name)}`,
    }
  }
}

/** A 30-day budget lasts 2 days at 14.4 x, 5 days at 6 x. */
const fast: readonly Pace[] = [
  { times: 14.4, long: hour, short: 5 * minute, of: 'made' },
  { times: 6, long: 6 * hour, short: 30 * minute, of: 'made' },
]

/** A 30-day budget lasts 10 days at 3 x, and is just used up at 1 x. */
const slow: readonly Pace[] = [
  { times: 3, long: day, short: 2 * hour, of: 'held' },
  { times: 1, long: 3 * day, short: 6 * hour, of: 'held' },
]

/** The target fails so often that its error budget does not last. `window` is the longest of the short windows, which end the alert. */
export const targetBudgetBurn: readonly AlertRule[] = [
  {
    id: 'TargetBudgetBurnFast',
    alertname: 'TargetBudgetBurnFast',
    severity: 'critical',
    keepFiringFor: 600,
    window: () => 30 * minute,
    dependent: true,
    heldBackBy: ['TargetDown'],
    decide: (view) => {
      // As for TargetErrorRateHigh: an outage has its own alert.
      return isOutage(view, hour) ? undefined : firstBurned(view, fast)
    },
    conditions: (view) => fast.map((pace) => [...outageConditions(view, hour), ...burning(view, pace)]),
    annotations: annotations(
      'TargetBudgetBurnFast',
      '',
      'At this pace, the 30-day budget is gone within 5 days.',
      hour,
    ),
  },
  {
    id: 'TargetBudgetBurnSlow',
    alertname: 'TargetBudgetBurnSlow',
    severity: 'warning',
    keepFiringFor: 300,
    window: () => 6 * hour,
    dependent: true,
    heldBackBy: ['TargetDown'],
    decide: (view) => firstBurned(view, slow),
    conditions: (view) => slow.map((pace) => burning(view, pace)),
    annotations: annotations(
      'TargetBudgetBurnSlow',
      ' slowly',
      'At this pace, the 30-day budget does not last 30 days.',
      6 * hour,
    ),
  },
]
