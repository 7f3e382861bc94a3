import { beforeAll, expect, it } from 'vitest'
import { proveAll, someOf } from '../../support/proof.ts'
import { describeWithTool } from '../../support/programs/tools.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { callsMissing, missingCases } from './missing.ts'
import { compare, compareWords } from './story/compare.ts'
import { firingOf } from './story/firing.ts'

/** Prometheus takes long for those of a day. */
const played = missingCases.filter(({ told }) => proveAll || told.length < 20_000)

describeWithTool(['promtool'], 'calls that do not come any more', () => {
  let folder: string

  beforeAll(async () => {
    folder = await tempFolder()
  })

  it.each(missingCases)('$told.name', ({ told, fires }) => {
    expect(firingOf(told, callsMissing)).toEqual(fires)
  })

  it('are told by the shipped rules of Prometheus at the same times, in the same words', async () => {
    const alertnames = new Set([callsMissing])
    const { passed, output, fired } = await compare(
      someOf(played, 3).map(({ told }) => told),
      folder,
      alertnames,
    )
    if (!passed) throw new Error(output.slice(0, 6000))
    expect(fired).toEqual(alertnames)
    const firing = missingCases.filter(({ fires }) => fires.length > 0).slice(0, 4)
    const words = await compareWords(
      someOf(firing, 4).map(({ told, alertname, fires }) => ({ story: told, alertname, at: fires[0]![0] })),
      folder,
    )
    if (!words.passed) throw new Error(words.output.slice(0, 6000))
  }, 600_000)
})
