import { beforeAll, expect, it } from 'vitest'
import { someOf } from '../../support/proof.ts'
import { describeWithTool } from '../../support/programs/tools.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { callsErrorRateHigh, rareCases } from './rare.ts'
import { compare, compareWords } from './story/compare.ts'
import { firingOf } from './story/firing.ts'

describeWithTool(['promtool'], 'calls that are rare', () => {
  let folder: string

  beforeAll(async () => {
    folder = await tempFolder()
  })

  it.each(rareCases)('$told.name', ({ told, fires }) => {
    expect(firingOf(told, callsErrorRateHigh)).toEqual(fires)
  })

  it('are told by the shipped rules of Prometheus at the same times, in the same words', async () => {
    const alertnames = new Set([callsErrorRateHigh])
    const { passed, output, fired } = await compare(
      someOf(rareCases, 3).map(({ told }) => told),
      folder,
      alertnames,
    )
    if (!passed) throw new Error(output.slice(0, 6000))
    expect(fired).toEqual(alertnames)
    const firing = rareCases.filter(({ fires }) => fires.length > 0)
    const words = await compareWords(
      someOf(firing, 4).map(({ told, alertname, fires }) => ({ story: told, alertname, at: fires[0]![0] })),
      folder,
    )
    if (!words.passed) throw new Error(words.output.slice(0, 6000))
  }, 600_000)
})
