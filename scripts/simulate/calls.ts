import { CountedCalls } from '../../src/alerts/evaluator/calls/counted-calls.ts'
import { callsSlow } from '../../src/alerts/evaluator/rules/calls/slow.ts'
import { aCallTarget } from '../../test/calls/support/calls.ts'
import { latency, seeded } from './random.ts'

const scrape = 15
const halfHour = 1800
/** Seconds of healthy calls before the time that is judged. */
const before = 300
const sigma = 0.5
const limit = 1
const target = aCallTarget('simulated', { operation: 'simulated' })

export interface CallsStory {
  readonly perMinute: number
  /** The 95th percentile of healthy calls, of the limit. */
  readonly p95: number
  /** By how much all calls take longer, from the beginning of the judged time. */
  readonly slower: number
}

/**
 * Plays a story.
 *
 * @returns Seconds from the beginning of the judged time until the alert; Infinity where there is none.
 */
export function firstAlert({ perMinute, p95, slower }: CallsStory, seed: number): number {
  const random = seeded(seed)
  const median = (p95 * limit) / Math.exp(1.645 * sigma)
  const calls = new CountedCalls()
  let next = 0
  for (let now = scrape; now <= before + halfHour; now += scrape) {
    for (; next < now; next -= (Math.log(1 - random()) * 60) / perMinute) {
      const durationSeconds = latency(random, next < before ? median : median * slower, sigma)
      calls.observe({ durationSeconds, outcome: 'ok' }, durationSeconds > limit, now)
    }
    const windows = calls.scrape(now)
    if (now > before && callsSlow.decide({ target, now, ...windows }, false) !== undefined)
      return now - before
  }
  return Infinity
}
