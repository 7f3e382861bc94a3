import { describe, expect, it } from 'vitest'
import { Samples } from '../../../../src/alerts/evaluator/checks/samples.ts'
import { randomFrom } from '../timelines.ts'

/** Whether a scrape within the window sees a check that took longer, by a look at each. */
function exceeds(samples: Samples, limit: number, seconds: number, now: number): boolean {
  let found = false
  samples.within(seconds, now, ({ durationSeconds }) => (found ||= durationSeconds > limit))
  return found
}

describe('whether checks may have taken longer than a limit', () => {
  it.each([5, 30, 300, 3600])('is never denied of one that did, at an interval of %d s', (interval) => {
    const random = randomFrom(interval)
    let samples = new Samples({ interval })
    let denied = 0
    for (let step = 0; step < 600; step++) {
      const at = step * interval + random() * 0.01
      if (step === 300) samples = new Samples({ interval }, samples)
      samples.add({ at, durationSeconds: random() < 0.02 ? 2 : 0.1 })
      // An edit of the configuration changes it now and then.
      const limit = step % 200 < 100 ? 1 : 0.05
      const seconds = interval * (1 + Math.floor(random() * 12))
      const may = samples.mayExceed(limit, seconds, at)
      if (exceeds(samples, limit, seconds, at)) expect(may).toBe(true)
      else if (!may) denied++
    }
    expect(denied).toBeGreaterThan(100)
  })

  it('moves with the wall clock', () => {
    const samples = new Samples({ interval: 30 })
    samples.add({ at: 0, durationSeconds: 2 })
    expect(samples.mayExceed(1, 60, 30)).toBe(true)
    samples.shift(3600)
    expect(samples.mayExceed(1, 60, 3630)).toBe(true)
    expect(samples.mayExceed(1, 60, 3700)).toBe(false)
  })
})
