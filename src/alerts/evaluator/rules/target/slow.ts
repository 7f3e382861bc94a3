import { targetAnnotations } from '../annotations.ts'
import { measured, type Condition } from '../condition.ts'
import { humanizeDuration } from '../go-format.ts'
import { quantile } from '../quantile.ts'
import type { AlertRule, TargetView } from '../rule.ts'

/** Seconds. Over it, ten minutes hold too few checks. */
const longInterval = 240

function windowOf(interval: number): number {
  return interval > longInterval ? 86_400 : 600
}

/** An alert begins when half of the checks are slow, and goes on while 3 in 10 are: a latency at the limit is one alert, not fifty. */
const beginsAt = 0.5
const goesOnAt = 0.7

/**
 * What the scrapes within the window see, in order.
 *
 * @param share Of the fastest, which are not of interest.
 * @returns Nothing if there were fewer than 3 checks, or if all above that share are fast.
 */
function slowDurations({ samples, now, target }: TargetView, limit: number, share: number): number[] {
  const durations: number[] = []
  let checks = 0
  let slow = 0
  samples.within(windowOf(target.interval), now, ({ durationSeconds }, scrapes) => {
    checks++
    if (durationSeconds > limit) slow += scrapes
    for (let scrape = 0; scrape < scrapes; scrape++) durations.push(durationSeconds)
  })
  // Sorting is for the few that may be slow.
  const fast = Math.ceil(share * (durations.length - 1))
  return checks < 3 || slow < durations.length - fast ? [] : durations.sort((a, b) => a - b)
}

/** Without the shortcuts of `decide`, which most often looks at targets that are fast. */
function conditions(view: TargetView, firing: boolean): Condition[] {
  const { target, samples } = view
  const limit = target.expect.maxLatency
  const long = target.interval > longInterval
  const window = long ? '1d' : '10m'
  let checks = 0
  samples.within(windowOf(target.interval), view.now, () => checks++)
  const durations = slowDurations(view, -Infinity, 0)
  const took = (what: string, seconds: number): Condition =>
    measured(what, seconds, 'seconds', 'more than', limit, 'expect.max_latency')
  const enough = measured(`it was checked {} times within ${window}`, checks, 'count', 'at least', 3)
  if (durations.length === 0) return [enough]
  return [
    ...(long ? [took('the newest check took {}', samples.newest?.durationSeconds ?? 0)] : []),
    enough,
    firing
      ? took(`3 in 10 of its checks within ${window} took {} or more`, quantile(durations, goesOnAt))
      : took(`half of its checks within ${window} took {} or more`, quantile(durations, beginsAt)),
  ]
}

/** Half of the checks take longer than expected, until fewer than 3 in 10 do; where the interval is long, the newest among them. */
export const targetSlow: AlertRule = {
  id: 'TargetSlow',
  alertname: 'TargetSlow',
  severity: 'warning',
  keepFiringFor: 300,
  window: windowOf,
  dependent: true,
  heldBackBy: ['TargetDown'],
  decide: (view, firing) => {
    const { target, samples } = view
    const limit = target.expect.maxLatency
    if (target.interval > longInterval && (samples.newest?.durationSeconds ?? 0) <= limit) return undefined
    if (!samples.mayExceed(limit, windowOf(target.interval), view.now)) return undefined
    const share = firing ? goesOnAt : beginsAt
    const durations = slowDurations(view, limit, share)
    return quantile(durations, share) > limit ? quantile(durations, beginsAt) : undefined
  },
  conditions: (view, firing) => [conditions(view, firing)],
  annotations: ({ target }, value) => {
    const long = target.interval > longInterval
    const window = long ? '1d' : '10m'
    const limit = humanizeDuration(target.expect.maxLatency)
    const seen =
      value > target.expect.maxLatency
        ? `${humanizeDuration(value)} (median of ${window}), expected at most ${limit}`
        : `more than ${limit} in 3 of 10 checks or more (${window})`
    return {
      summary: `${target.name} takes ${seen}`,
      description: `Half of the checks took longer when it began${long ? ', and the newest does' : ''}; it ends when fewer than 3 in 10 do. The phases on the target page show where the time goes.`,
      ...targetAnnotations(target, 'TargetSlow'),
    }
  },
}
