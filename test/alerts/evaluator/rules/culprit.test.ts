import { describe, expect, it } from 'vitest'
import { failing, slow } from '../../../../src/alerts/evaluator/rules/calls/compare-versions.ts'
import { culprit } from '../../../../src/alerts/evaluator/rules/calls/culprit.ts'
import type { CallCounts, CallsView, VersionCalls } from '../../../../src/alerts/evaluator/rules/rule.ts'
import { aCallTarget } from '../../../calls/support/calls.ts'

const none: CallCounts = { total: 0, slow: 0, ok: 0, errors: 0 }

/** One version, and so many of its calls that fail or are slow. */
type Made = readonly [caller: string, version: string, total: number, errors: number, slow: number]

function view(...made: readonly Made[]): CallsView {
  const versions = made.map(([caller, version, total, errors, slowOnes]): VersionCalls => {
    const fiveMinutes = { total, errors, ok: total - errors, slow: slowOnes }
    return { caller, version, fiveMinutes, halfHour: none, p95: () => undefined, othersP95: () => undefined }
  })
  const sum = (which: keyof CallCounts): number =>
    versions.reduce((total, { fiveMinutes }) => total + fiveMinutes[which], 0)
  const fiveMinutes = { total: sum('total'), errors: sum('errors'), ok: sum('ok'), slow: sum('slow') }
  const target = aCallTarget('pay', { host: 'pay' })
  const details = { p95: () => undefined }
  return { target, now: 0, minute: none, ninetySeconds: none, fiveMinutes, hour: none, details, versions }
}

describe('whose fault it is that calls fail or are slow', () => {
  it('the worst version of what is asked about', () => {
    const seen = view(['shop', '1', 900, 50, 200], ['shop', '2', 100, 50, 1])
    expect(culprit(failing, seen)).toBe(
      '1000 calls in the last 5m, worst: version 2 of shop (50% of its calls).',
    )
    expect(culprit(slow, seen)).toBe('1000 calls in the last 5m, all versions alike.')
  })

  it('not a version that has less than a tenth of it, though all its calls fail', () => {
    expect(culprit(failing, view(['shop', '1', 900, 91, 0], ['test', '2', 10, 10, 0]))).toMatch(/alike/)
    expect(culprit(failing, view(['shop', '1', 900, 90, 0], ['test', '2', 10, 10, 0]))).toMatch(
      /worst: version 2 of test \(100% of its calls\)/,
    )
  })

  it('nobody where shares are alike: up to 1.2 times the one of all', () => {
    expect(culprit(failing, view(['a', '1', 100, 12, 0], ['b', '1', 100, 8, 0]))).toMatch(
      /all versions alike/,
    )
    expect(culprit(failing, view(['a', '1', 100, 13, 0], ['b', '1', 100, 8, 0]))).toMatch(
      /worst: version 1 of a/,
    )
  })

  it('the only version is not the worst, and has a name or none', () => {
    expect(culprit(failing, view(['shop', '1', 10, 5, 0], ['shop', '0', 0, 0, 0]))).toBe(
      '10 calls in the last 5m, all from version 1 of shop.',
    )
    expect(culprit(failing, view(['', '1', 10, 5, 0]))).toMatch(/all from version 1\.$/)
    expect(culprit(failing, view(['', '', 10, 5, 0]))).toBe('10 calls in the last 5m.')
  })

  it('says how long 95% of the calls took, and what most failed with', () => {
    const seen = view(['shop', '1', 10, 5, 0])
    const told = (p95: number): string =>
      culprit(failing, { ...seen, details: { error: { name: '503', times: 4 }, p95: () => p95 } })
    expect(told(0.25)).toBe(
      '10 calls in the last 5m, 95th percentile 250ms, all from version 1 of shop, most frequent error: 503 (4 times).',
    )
    expect(told(30)).toMatch(/, 95th percentile at least 30s, /)
  })

  it('calls of no known version can be the worst', () => {
    expect(culprit(slow, view(['', '', 10, 0, 5], ['shop', '1', 90, 0, 0]))).toMatch(
      /worst: an unknown version \(50% of its calls\)/,
    )
    expect(culprit(slow, view(['old', '', 10, 0, 5], ['shop', '1', 90, 0, 0]))).toMatch(
      /worst: an unknown version of old /,
    )
  })
})
