import { describe, expect, it } from 'vitest'
import { RecentCalls, type CountedCall } from '../../src/calls/recent-calls.ts'

const ok: CountedCall = { durationSeconds: 0.1, outcome: 'ok', overLimit: false }

describe('the calls of the last ten minutes', () => {
  it('are counted by outcome, with a percentile of those that did not fail', () => {
    const recent = new RecentCalls()
    for (let i = 1; i <= 100; i++) recent.observe({ ...ok, durationSeconds: i / 1000 }, 100 + i / 10)
    recent.observe({ durationSeconds: 9, outcome: 'error', overLimit: true }, 110)
    recent.observe({ durationSeconds: 0.001, outcome: 'unknown', overLimit: false }, 110)
    const { p95Seconds = NaN, ...counts } = recent.sum(111)
    expect(counts).toEqual({ calls: 102, errors: 1, unknown: 1, overLimit: 1 })
    expect(Math.abs(p95Seconds / 0.095 - 1)).toBeLessThan(0.02)
  })

  it('are forgotten when they are older, at most a quarter of a minute early', () => {
    const recent = new RecentCalls()
    recent.observe(ok, 1000)
    recent.observe(ok, 1300)
    expect(recent.sum(1584).calls).toBe(2)
    expect(recent.sum(1600).calls).toBe(1)
    expect(recent.sum(1900)).toEqual({ calls: 0, errors: 0, unknown: 0, overLimit: 0 })
  })

  it('have no percentile where all failed', () => {
    const recent = new RecentCalls()
    recent.observe({ ...ok, outcome: 'error' }, 5)
    expect(recent.sum(6)).toEqual({ calls: 1, errors: 1, unknown: 0, overLimit: 0 })
  })
})
