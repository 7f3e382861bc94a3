import { describe, expect, it } from 'vitest'
import type { Outage } from '../../../../src/alerts/replay/outages.ts'
import { propose, type TargetPast } from '../../../../src/app/simulate/suggest/proposals.ts'
import { aTarget } from '../../../support/target.ts'

const shop = aTarget({ name: 'shop', interval: 60, alertAfter: 150 })

/** An outage of so many checks in a row. */
const outages = (...counts: readonly number[]): Outage[] =>
  counts.map((count, index) => {
    const startedAt = 1_790_000_000 + index * 86_400
    return {
      target: 'shop',
      location: 'here',
      startedAt,
      lastFailedAt: startedAt + (count - 1) * 60,
      endedAt: startedAt + count * 60,
      reason: 'status',
      message: '',
    }
  })

const past = (overrides: Partial<TargetPast> = {}): TargetPast => ({
  target: shop,
  usual: {
    target: 'shop',
    busyLatency: 0.2,
    slowAbove: 0.4,
    failingAbove: 0.12,
    firstAt: 0,
    lastAt: 0,
    checks: 0,
  },
  outages: [],
  verdict: { falseBy: {}, missedBy: { outage: 0, slow: 0, failing: 0 } },
  ...overrides,
})
const limits = { short: 300, until: 1_800_000_000 }
const after = (target: Partial<TargetPast['target']>, ...counts: readonly number[]): number | undefined =>
  propose(past({ target: { ...shop, ...target }, outages: outages(...counts) }), limits).alertAfter

describe('alert_after', () => {
  it.each<[string, number | undefined, number | undefined]>([
    ['is longer than what ends by itself', after({}, 3, 4, 30, 20), 5],
    ['is never so long that an outage is missed', after({}, 5, 6, 30), 6],
    ['stays where there is nothing to avoid', after({}, 2, 30), undefined],
    ['stays where nothing failed', after({}), undefined],
    ['is shorter where an outage was missed', after({ alertAfter: 1170 }, 10, 30), 2],
    ['is shorter where that saves a minute, of three outages', after({}, 10, 20, 30), 2],
    ['is not shorter for two of them', after({}, 20, 30), undefined],
    ['is not shorter where that brings false alarms', after({}, 2, 10, 20, 30), undefined],
    ['is two checks at least', after({ alertAfter: 90 }, 10, 20, 30), undefined],
    ['stays off', after({ alertAfter: Infinity }, 10, 20, 30), undefined],
  ])('%s', (_what, found, expected) => {
    expect(found).toBe(expected)
  })
})

describe('a limit', () => {
  const verdict = (falseBy: Record<string, number>, missed: { slow?: number; failing?: number } = {}) => ({
    verdict: { falseBy, missedBy: { outage: 0, slow: 0, failing: 0, ...missed } },
  })
  const expecting = (expected: Partial<typeof shop.expect>, more: Partial<TargetPast['target']> = {}) => ({
    target: { ...shop, ...more, expect: { ...shop.expect, ...expected } },
  })

  it('rises where it gave false alarms, and falls where something was missed', () => {
    const slow = expecting({ maxLatency: 0.3 })
    expect(propose(past({ ...slow, ...verdict({ TargetSlow: 1 }) }), limits)).toEqual({ maxLatency: 0.4 })
    expect(propose(past({ ...slow, ...verdict({}, { slow: 1 }) }), limits)).toEqual({})
    expect(propose(past(verdict({}, { slow: 1 })), limits)).toEqual({ maxLatency: 0.4 })
    expect(propose(past(verdict({ TargetSlow: 1 })), limits)).toEqual({})
    expect(propose(past(verdict({ TargetErrorRateHigh: 2 })), limits)).toEqual({ maxErrorRatio: 0.15 })
    const lax = expecting({ maxErrorRatio: 0.5 })
    expect(propose(past({ ...lax, ...verdict({}, { failing: 1 }) }), limits)).toEqual({ maxErrorRatio: 0.15 })
  })

  it('stays where it is off, where checks are seldom, and below the timeout', () => {
    const both = verdict({ TargetSlow: 1, TargetErrorRateHigh: 1 }, { slow: 1, failing: 1 })
    expect(
      propose(past({ ...expecting({ maxLatency: Infinity, maxErrorRatio: 1 }), ...both }), limits),
    ).toEqual({})
    expect(propose(past({ ...expecting({}, { interval: 300 }), ...both }), limits)).toEqual({})
    const quick = expecting({ maxLatency: 0.3 }, { timeout: 0.4 })
    expect(propose(past({ ...quick, ...verdict({ TargetSlow: 1 }) }), limits)).toEqual({})
  })
})
