import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { parseGoDuration } from '../../../src/foreign/minitor/go-duration.ts'

describe('a duration of Go', () => {
  it.each([
    ['1s', 1],
    ['1m2s', 62],
    ['2s1m', 62],
    ['1.5h', 5400],
    ['.5s', 0.5],
    ['1.s', 1],
    ['500ms', 0.5],
    ['1h30m10s', 5410],
    ['2000us', 0.002],
    ['2000µs', 0.002],
  ])('%s is %d s', (text, seconds) => {
    expect(parseGoDuration(text)).toBe(seconds)
  })

  it.each(['', '1', 's', '1 s', '1d', '-1s', '1s ', '1s2', 'm1'])('%j is none', (text) => {
    expect(parseGoDuration(text)).toBeUndefined()
  })

  it('is the sum of its parts, in any order', () => {
    const parts = fc.array(fc.tuple(fc.nat(999), fc.constantFrom('h', 'm', 's', 'ms')), { minLength: 1 })
    const length = { h: 3600, m: 60, s: 1, ms: 0.001 } as const
    fc.assert(
      fc.property(parts, (given) => {
        const text = given.map(([count, unit]) => `${count}${unit}`).join('')
        const seconds = given.reduce((sum, [count, unit]) => sum + count * length[unit], 0)
        expect(parseGoDuration(text)).toBeCloseTo(seconds, 3)
      }),
    )
  })
})
