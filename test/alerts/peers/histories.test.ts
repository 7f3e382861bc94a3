import { describe, expect, it } from 'vitest'
import { partOf } from '../../support/proof.ts'
import { playHistory, type Mishap } from './support/histories.ts'

const seeds = Array.from({ length: partOf(400, 100) }, (_none, index) => index + 1)

/** Histories by chance on a clock that a test moves: hours in seconds. */
describe('a pair of solos in a history by chance', () => {
  it.each(seeds)('that kills and freezes them loses nothing (seed %i)', async (seed) => {
    const kinds: Mishap[] = seed % 2 === 0 ? ['kill'] : ['kill', 'freeze']
    const { wrong, doubled, cut, story } = await playHistory({ seed, targets: 10, mishaps: 20, kinds })
    expect(wrong, wrong[0] && story(wrong[0]).join('\n')).toEqual([])
    expect(doubled.length, doubled.join()).toBeLessThanOrEqual(cut)
  }, 120_000)
})
