import { targetAnnotations } from '../annotations.ts'
import { humanizeDuration } from '../go-format.ts'
import type { AlertRule, TargetView } from '../rule.ts'

/** Seconds. Over it, ten minutes hold too few checks. */
const longInterval = 240

function windowOf(interval: number): number {
  return interval > longInterval ? 86_400 : 600
}

/** The median of what the scrapes within the window see, between the two middle ones where their number is even. */
function medianDuration({ samples, now, target }: TargetView, limit: number): number | undefined {
  const durations: number[] = []
  let checks = 0
  let slow = 0
  samples.within(windowOf(target.interval), now, ({ durationSeconds }, scrapes) => {
    checks++
    if (durationSeconds > limit) slow += scrapes
    for (let scrape = 0; scrape < scrapes; scrape++) durations.push(durationSeconds)
  })
  // Sorting is for the few that may be slow.
  if (checks < 3 || 2 * slow < durations.length) return undefined
  durations.sort((a, b) => a - b)
  const rank = (durations.length - 1) / 2
  const [low = NaN, high = NaN] = [durations[Math.floor(rank)], durations[Math.ceil(rank)]]
  return low + (high - low) * (rank - Math.floor(rank))
}

/** Half of the checks take longer than expected; where the interval is long, the newest among them. */
export const targetSlow: AlertRule = {
  id: 'TargetSlow',
  alertname: 'TargetSlow',
  severity: 'warning',
  keepFiringFor: 300,
  window: windowOf,
  dependent: true,
  heldBackBy: ['TargetDown'],
  decide: (view) => {
    const { target, samples } = view
    const limit = target.expect.maxLatency
    if (target.interval > longInterval && (samples.newest?.durationSeconds ?? 0) <= limit) return undefined
    const median = medianDuration(view, limit)
    return median !== undefined && median > limit ? median : undefined
  },
  annotations: ({ target }, value) => {
    const long = target.interval > longInterval
    const limit = humanizeDuration(target.expect.maxLatency)
    return {
      summary: `${target.name} takes ${humanizeDuration(value)} (median of ${long ? '1d' : '10m'}), expected at most ${limit}`,
      description: `Half of the checks took longer${long ? ', including the newest' : ''}. The phases on the target page show where the time goes.`,
      ...targetAnnotations(target, 'TargetSlow'),
    }
  },
}
