import { basename, join } from 'node:path'
import { expect, it } from 'vitest'
import { promtool, promtools } from '../support/programs/promtool.ts'
import { describeWithTool } from '../support/programs/tools.ts'
import { prometheusFolder, testsFiles } from './shipped.ts'

describeWithTool(['promtool'], 'promtool', () => {
  it.each(promtools)('%s: the configuration and every rule is valid', async (program) => {
    const config = join(prometheusFolder, 'prometheus.yml')
    expect(await promtool(program, ['check', 'config', '--lint-fatal', config])).toMatchObject({
      passed: true,
    })
  })

  const runs = promtools.flatMap((program) =>
    testsFiles.map(({ file }) => ({ program, file, name: basename(file) })),
  )

  it.each(runs)(
    '$program: $name',
    async ({ program, file }) => {
      const { passed, output } = await promtool(program, ['test', 'rules', file])
      expect(passed ? '' : output).toBe('')
    },
    300_000,
  )
})
