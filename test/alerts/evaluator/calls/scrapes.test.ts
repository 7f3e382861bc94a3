import { describe, expect, it } from 'vitest'
import { increase, windowOf } from '../../../../src/alerts/evaluator/calls/scrapes.ts'

/** Every 15 s, half of that before each evaluation. */
const scrapes = Array.from({ length: 41 }, (_, index) => index * 15 - 7.5)
const now = 600
const ofLast = (values: readonly number[], seconds: number): number | undefined =>
  increase(scrapes, values, windowOf(scrapes, seconds, now))

describe('the increase of a counter, as Prometheus estimates it', () => {
  it('of one that has long been there is stretched to the whole window', () => {
    const steady = scrapes.map((_, index) => 1000 + index)
    expect(ofLast(steady, 300)).toBe(20)
    expect(ofLast(steady, 60)).toBe(4)
  })

  it('of one that was zero until lately is not stretched to before that', () => {
    const burst = scrapes.map((_, index) => (index > 30 ? 3 : 0))
    expect(ofLast(burst, 300)).toBeCloseTo((3 * 292.5) / 285, 10)
  })

  it('of one that is new counts what it began with, unless that is much more than what followed', () => {
    expect(ofLast([2, 4, 6], 300)).toBe(4 + 2 + 1)
    expect(ofLast([100, 102, 104], 300)).toBe(4 + 1 + 1)
  })

  it('of one that was seen once, or not at all, is not known', () => {
    expect(ofLast([7], 300)).toBeUndefined()
    expect(ofLast([], 300)).toBeUndefined()
  })

  it('of one that stands still is zero', () => {
    expect(
      ofLast(
        scrapes.map(() => 5),
        300,
      ),
    ).toBe(0)
  })
})
