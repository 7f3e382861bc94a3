import { describe, expect, it } from 'vitest'
import { steadyTime } from '../../../src/alerts/evaluator/steady-time.ts'

describe('steadyTime', () => {
  it('does not jump with the wall clock until it is told to, and then by as much', () => {
    let wall = 1_000_000
    let monotonic = 50
    const time = steadyTime({ now: () => wall, monotonic: () => monotonic })
    expect(time.now()).toBe(1000)
    wall += 3_600_000 + 2000
    monotonic += 2000
    expect(time.now()).toBe(1002)
    expect(time.adopt()).toBe(3600)
    expect(time.now()).toBe(4602)
    expect(time.adopt()).toBe(0)
  })

  it('leaves small differences alone', () => {
    let wall = 1_000_000
    const time = steadyTime({ now: () => wall, monotonic: () => 0 })
    wall += 4000
    expect(time.adopt()).toBe(0)
    expect(time.now()).toBe(1000)
  })
})
