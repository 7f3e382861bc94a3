import { beforeAll, expect, it } from 'vitest'
import { partOf, proveAll } from '../../support/proof.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { describeWithTool } from '../../support/programs/tools.ts'
import { editedStory } from './edits.ts'
import { compare } from './story/compare.ts'
import { inWords } from './story/in-words.ts'
import type { Story } from './story/story.ts'

/** Stories, where everything is proven. PROBITY_SEED begins with another one, and PROBITY_STORY plays one alone and tells it in words. */
const count = 400
const firstSeed = Number(process.env.PROBITY_STORY ?? process.env.PROBITY_SEED ?? 1)
const alone = process.env.PROBITY_STORY !== undefined

/** Stories that promtool is given at once. */
const atOnce = 100

describeWithTool(['promtool'], 'stories of edits, restarts and exact thresholds', () => {
  let folder: string

  beforeAll(async () => {
    folder = await tempFolder()
  })

  it('are told alike by solo and by the shipped rules of Prometheus', async () => {
    const seeds = Array.from({ length: alone ? 1 : partOf(count, 150) }, (_, index) => firstSeed + index)
    const fired = new Set<string>()
    for (let index = 0; index < seeds.length; index += atOnce) {
      const stories = seeds.slice(index, index + atOnce).map(editedStory)
      const compared = await compare(stories, folder)
      if (!compared.passed) throw new Error(difference(compared.output, stories))
      for (const name of compared.fired) fired.add(name)
    }
    // Otherwise nothing was compared.
    expect(fired.size).toBeGreaterThan(alone ? 0 : proveAll ? 9 : 2)
  }, 1_200_000)
})

/** Targets of the first story are called `0 ...`, of the next `1 ...`. */
function difference(output: string, [first, ...more]: readonly Story[]): string {
  if (!first) return output
  return `${output.slice(0, 6000)}\n${more.length > 0 ? `"0" is the story of ${first.name}` : inWords(first)}`
}
