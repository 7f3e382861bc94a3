import { beforeAll, expect, it } from 'vitest'
import { proveAll } from '../../support/proof.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { describeWithTool } from '../../support/programs/tools.ts'
import { compare, compareWords } from './story/compare.ts'
import { firingOf } from './story/firing.ts'
import { canary, oneVersionWorst, slowerVersion } from './versions.ts'
import { callsFailing, cases, probeFailing } from './witnesses.ts'

/** One case of each alert, in which it fires. */
const named = [callsFailing, probeFailing, canary].map((name) =>
  cases.find((one) => one.alertname === name && one.fires.length > 0)!,
)

describeWithTool(['promtool'], 'calls against probes, and versions against each other', () => {
  let folder: string

  beforeAll(async () => {
    folder = await tempFolder()
  })

  it.each(cases)('$alertname, when $told.name', ({ told, alertname, version, fires }) => {
    expect(firingOf(told, alertname, version)).toEqual(fires)
  })

  it('are told by the shipped rules of Prometheus at the same times', async () => {
    const alertnames = new Set([callsFailing, probeFailing, canary])
    const { passed, output, fired } = await compare(
      (proveAll ? cases : named).map(({ told }) => told),
      folder,
      alertnames,
    )
    if (!passed) throw new Error(output.slice(0, 6000))
    expect(fired).toEqual(alertnames)
  }, 600_000)

  it('are told in the same words', async () => {
    const stories = [...named, slowerVersion].map(({ told, alertname, fires }) => ({
      story: told,
      alertname,
      at: fires[0]![0],
    }))
    const ofVersions = ['CallsSlow', 'CallsErrorRateHigh'].map((alertname) => ({
      story: oneVersionWorst,
      alertname,
      at: 600,
    }))
    const told = [...stories, ...ofVersions]
    // Each alert by itself: Prometheus takes long for the rules of those that a story is not about.
    for (const name of new Set(told.map(({ alertname }) => alertname))) {
      const { passed, output } = await compareWords(
        told.filter(({ alertname }) => alertname === name),
        folder,
      )
      if (!passed) throw new Error(output.slice(0, 6000))
    }
  }, 600_000)
})
