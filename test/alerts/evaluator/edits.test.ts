import { beforeAll, expect, it } from 'vitest'
import { partOf, proveAll } from '../../support/proof.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { describeWithTool } from '../../support/programs/tools.ts'
import { editedStory } from './edits.ts'
import { compare } from './story/compare.ts'

/** Stories, where everything is proven. PROBITY_SEED begins with another one. */
const count = 400
const firstSeed = Number(process.env.PROBITY_SEED ?? 1)

/** Stories that promtool is given at once. */
const atOnce = 100

describeWithTool(['promtool'], 'stories of edits, restarts and exact thresholds', () => {
  let folder: string

  beforeAll(async () => {
    folder = await tempFolder()
  })

  it('are told alike by solo and by the shipped rules of Prometheus', async () => {
    const seeds = Array.from({ length: partOf(count, 100) }, (_, index) => firstSeed + index)
    const fired = new Set<string>()
    for (let index = 0; index < seeds.length; index += atOnce) {
      const compared = await compare(seeds.slice(index, index + atOnce).map(editedStory), folder)
      if (!compared.passed) throw new Error(compared.output.slice(0, 6000))
      for (const name of compared.fired) fired.add(name)
    }
    // Otherwise nothing was compared.
    expect(fired.size).toBeGreaterThan(proveAll ? 9 : 2)
  }, 1_200_000)
})
