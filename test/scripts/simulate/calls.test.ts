import { describe, expect, it } from 'vitest'
import { firstAlert, type CallsStory } from '../../../scripts/simulate/calls.ts'
import { canaryAlerts } from '../../../scripts/simulate/canary.ts'
import { missingAlerts } from '../../../scripts/simulate/missing.ts'
import { partOf } from '../../support/proof.ts'

/** `npm run simulate:calls` plays 200; the figures are in docs/calls.md. */
const seeds = partOf(200, 10)

const alerts = (story: CallsStory): number[] =>
  Array.from({ length: seeds }, (_none, index) => firstAlert(story, index + 1)).sort((a, b) => a - b)

describe('CallsSlow, in simulated half hours', () => {
  it.each([3, 5, 20, 60])('is seldom false at %i calls a minute', (perMinute) => {
    const isFalse = (p95: number): number =>
      alerts({ perMinute, p95, slower: 1 }).filter(Number.isFinite).length
    expect(isFalse(0.8)).toBe(0)
    expect(isFalse(0.95) / seeds).toBeLessThanOrEqual(0.01)
  })

  it.each([
    { perMinute: 3, within: 240 },
    { perMinute: 5, within: 180 },
    { perMinute: 60, within: 45 },
  ])('comes within $within s if $perMinute calls a minute take 3 times as long', ({ perMinute, within }) => {
    const delays = alerts({ perMinute, p95: 0.8, slower: 3 })
    expect(delays[Math.floor(seeds / 2)]).toBeLessThanOrEqual(within)
  })
})

/** `npm run simulate:calls` plays 20. */
const canarySeeds = partOf(20, 10)
const each = Array.from({ length: canarySeeds }, (_none, index) => index + 1)

describe('CanaryWorse, in simulated half hours of a canary with 5% of the calls', () => {
  it.each([
    { perMinute: 20, within: 20 },
    { perMinute: 60, within: 12 },
    { perMinute: 600, within: 8 },
  ])('names the slower one of $perMinute calls a minute within $within min', ({ perMinute, within }) => {
    const found = each.map((seed) => canaryAlerts({ perMinute, share: 0.05, p95: 0.8, slower: 3 }, seed))
    const delays = found.map((one) => one.new).sort((a, b) => a - b)
    expect(delays[Math.floor(canarySeeds / 2)]).toBeLessThanOrEqual(within * 60)
    expect(delays.at(-1)).toBeLessThan(Infinity)
    expect(found.filter(({ old }) => old < Infinity)).toEqual([])
  })

  it.each([0.8, 0.95])(
    'names none that is as fast as the others: 95th percentile at %d of the limit',
    (p95) => {
      const found = each.map((seed) => canaryAlerts({ perMinute: 60, share: 0.05, p95, slower: 1 }, seed))
      expect(found).toEqual(each.map(() => ({ new: Infinity, old: Infinity })))
    },
  )
})

describe('CallsMissing, in simulated days with ten times as many calls at noon as at night', () => {
  it.each([100, 1000, 10_000])('is not false at %i calls a day', (perDay) => {
    for (const seed of each) expect(missingAlerts({ perDay, days: 6 }, seed).falseAlarms).toBe(0)
  })

  it('comes within three quarters of an hour if 10,000 calls a day end', () => {
    for (const seed of each)
      expect(missingAlerts({ perDay: 10_000, days: 3 }, seed).delay).toBeLessThanOrEqual(45 * 60)
  })
})
