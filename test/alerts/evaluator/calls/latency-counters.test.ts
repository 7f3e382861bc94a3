import { expect, it } from 'vitest'
import { LatencyCounters, percentile95 } from '../../../../src/alerts/evaluator/calls/latency-counters.ts'
import { windowOf } from '../../../../src/alerts/evaluator/calls/scrapes.ts'

const scrapes = [0, 15, 30]

/** What 95 of 100 calls took at most, if so many took so long, in seconds. */
function of(...calls: readonly (readonly [count: number, seconds: number])[]): number | undefined {
  const counters = new LatencyCounters()
  for (const [count, seconds] of calls)
    for (let index = 0; index < count; index++) counters.observe(seconds, 'ok')
  // The first sees zero.
  for (let count = 0; count < scrapes.length; count++) counters.scrape()
  return percentile95([counters], scrapes, windowOf(scrapes, 300, 30))
}

it('the 95th percentile lies within its bucket, as far from its beginning as there are calls below it', () => {
  expect(of([100, 0.2])).toBeCloseTo(0.15 + 0.1 * 0.95, 9)
  expect(of([90, 0.2], [10, 2])).toBeCloseTo(1.5 + 1 * 0.5, 1)
  expect(of([100, 0.001])).toBeCloseTo(0.005 * 0.95, 3)
})

it('the 95th percentile of calls that take longer than the last bound is that bound, and of no calls none', () => {
  expect(of([100, 60])).toBe(30)
  expect(of()).toBeUndefined()
})
