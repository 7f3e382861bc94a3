import { describe, expect, it } from 'vitest'
import { lowest, rise, settled, type Point } from '../../../scripts/soak/slope.ts'

const points = (...values: number[]): Point[] => values.map((value, at) => [at, value])

describe('the growth of what is measured', () => {
  it('is that of the fitted line', () => {
    expect(rise(points(1, 2, 3, 4))).toBeCloseTo(3)
    expect(rise(points(5, 5, 5))).toBe(0)
    expect(rise(points(4, 0, 4, 0, 4))).toBeCloseTo(0)
    expect(rise(points(7))).toBe(0)
  })

  it('is that of what is left after collections, once it has settled', () => {
    const heap = points(10, 90, 12, 99, 11, 95, 12, 97)
    expect(lowest(heap, 4)).toEqual([
      [0, 10],
      [2, 12],
      [4, 11],
      [6, 12],
    ])
    expect(settled(heap)).toEqual(heap.slice(4))
  })
})
