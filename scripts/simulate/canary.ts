import { CountedCalls } from '../../src/alerts/evaluator/calls/counted-calls.ts'
import { canaryWorse } from '../../src/alerts/evaluator/rules/calls/canary-worse.ts'
import { seeded } from './random.ts'
import { durationOf, halfHour, limit, nextArrival, scrape, target } from './traffic.ts'

const caller = 'shop'
const rule = { old: canaryWorse({ caller, version: 'old' }), new: canaryWorse({ caller, version: 'new' }) }

export interface CanaryStory {
  /** Of both versions. */
  readonly perMinute: number
  /** The share of calls that the canary makes. */
  readonly share: number
  /** The 95th percentile of healthy calls, of the limit. */
  readonly p95: number
  /** By how much the calls of the canary take longer. */
  readonly slower: number
}

/** When CanaryWorse first fires for the canary, and for the version that is not one: seconds; Infinity where it does not. */
export type Found = Readonly<Record<'new' | 'old', number>>

/** Plays a half hour of one version, then another in which a canary makes some of the calls. */
export function canaryAlerts({ perMinute, share, p95, slower }: CanaryStory, seed: number): Found {
  const random = seeded(seed)
  const calls = new CountedCalls()
  const holdsSince = { new: Infinity, old: Infinity }
  const found = { new: Infinity, old: Infinity }
  let next = 0
  for (let now = scrape; now <= 2 * halfHour; now += scrape) {
    for (; next < now; next = nextArrival(random, next, perMinute)) {
      const version = next >= halfHour && random() < share ? 'new' : 'old'
      const durationSeconds = durationOf(random, version === 'new' ? p95 * slower : p95)
      calls.observe({ durationSeconds, outcome: 'ok', caller, version }, durationSeconds > limit, now)
    }
    const view = { target, now, ...calls.scrape(now) }
    for (const version of ['new', 'old'] as const) {
      const holds = rule[version].decide(view, false) !== undefined
      holdsSince[version] = holds ? Math.min(holdsSince[version], now) : Infinity
      if (now - holdsSince[version] >= (rule[version].holdsFor ?? 0))
        found[version] = Math.min(found[version], now - halfHour)
    }
  }
  return found
}
