import { expect, it } from 'vitest'
import { Durations } from '../../../src/web/status/durations.ts'

it('keeps those of the window, and not more than so many', () => {
  const durations = new Durations(1000, 10)
  const all: { at: number; seconds: number }[] = []
  // Often, then seldom, then often again: it grows, shrinks and turns round.
  const steps = [...Array<number>(40).fill(50), ...Array<number>(8).fill(400), ...Array<number>(40).fill(30)]
  let at = 0
  for (const [seconds, step] of steps.entries()) {
    at += step
    durations.add(at, seconds)
    all.push({ at, seconds })
    const kept = all.filter((known) => known.at > at - 1000).slice(-10)
    expect(durations.within(at)).toEqual(kept.map((known) => known.seconds))
  }
  expect(durations.within(at + 970)).toEqual([87])
  expect(durations.within(at + 1000)).toEqual([])
})
