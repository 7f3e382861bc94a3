import { describe, expect, it } from 'vitest'
import { partOf } from '../../support/proof.ts'
import { playHistory, type Mishap } from './support/histories.ts'

/** What happens in each; the next seed takes the next. */
const kinds: readonly (readonly Mishap[])[] = [['kill'], ['kill', 'freeze'], ['kill', 'freeze', 'cut']]
const seeds = Array.from({ length: partOf(90, 30) }, (_none, index) => index + 1)
const cases = seeds.map((seed) => [seed, kinds[seed % kinds.length] ?? []] as const)

/** Hours on a clock that a test moves: ten targets that go up and down, and twenty mishaps. */
describe('a pair of solos in a history by chance', () => {
  it.each(cases)(
    'loses nothing, and doubles what was on its way at most (seed %i, %j)',
    async (seed, happens) => {
      const { wrong, doubled, cut, story } = await playHistory({
        seed,
        targets: 10,
        mishaps: 20,
        kinds: happens,
      })
      const asked = wrong[0] ?? doubled[0]
      const why = asked === undefined ? '' : `${asked}\n${story(asked).join('\n')}`
      expect(wrong, why).toEqual([])
      if (!happens.includes('cut')) expect(doubled.length, why).toBeLessThanOrEqual(cut)
    },
    120_000,
  )
})
