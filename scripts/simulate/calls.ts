import { CountedCalls } from '../../src/alerts/evaluator/calls/counted-calls.ts'
import { callsSlow } from '../../src/alerts/evaluator/rules/calls/slow.ts'
import { seeded } from './random.ts'
import { durationOf, halfHour, limit, nextArrival, scrape, target } from './traffic.ts'

/** Seconds of healthy calls before the time that is judged. */
const before = 300

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
  const calls = new CountedCalls()
  let next = 0
  for (let now = scrape; now <= before + halfHour; now += scrape) {
    for (; next < now; next = nextArrival(random, next, perMinute)) {
      const durationSeconds = durationOf(random, next < before ? p95 : p95 * slower)
      calls.observe({ durationSeconds, outcome: 'ok' }, durationSeconds > limit, now)
    }
    const windows = calls.scrape(now)
    if (now > before && callsSlow.decide({ target, now, ...windows }, false) !== undefined)
      return now - before
  }
  return Infinity
}
