import { describe, expect, it } from 'vitest'
import { steadyTime } from '../../../src/alerts/evaluator/steady-time.ts'

describe('steadyTime', () => {
  it('says by how much the wall clock has jumped before it follows', () => {
    let wall = 1_000_000
    let monotonic = 50
    const events: unknown[] = []
    const now = steadyTime({ now: () => wall, monotonic: () => monotonic }, (seconds) =>
      events.push({ seconds }),
    )
    events.push(now())
    wall += 3_600_000 + 2000
    monotonic += 2000
    events.push(now(), now())
    expect(events).toEqual([1000, { seconds: 3600 }, 4602, 4602])
  })

  it('leaves small differences alone', () => {
    let wall = 1_000_000
    const jumps: number[] = []
    const now = steadyTime({ now: () => wall, monotonic: () => 0 }, (seconds) => jumps.push(seconds))
    wall += 4000
    expect(now()).toBe(1000)
    expect(jumps).toEqual([])
  })
})
