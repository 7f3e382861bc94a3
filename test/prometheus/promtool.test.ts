import { basename, join } from 'node:path'
import { expect, it } from 'vitest'
import { promtool, promtools } from '../support/programs/promtool.ts'
import { proveAll } from '../support/proof.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { describeWithTool } from '../support/programs/tools.ts'
import { essential } from './essential.ts'
import { withOtherJobs } from './other-jobs.ts'
import { inParts } from './prune.ts'
import { testRules } from './scratch.ts'
import { prometheusFolder, rulesFilesOf, testsFiles } from './shipped.ts'

describeWithTool(['promtool'], 'promtool', () => {
  it.each(promtools)('%s: the configuration and every rule is valid', async (program) => {
    const config = join(prometheusFolder, 'prometheus.yml')
    expect(await promtool(program, ['check', 'config', '--lint-fatal', config])).toMatchObject({
      passed: true,
    })
  })

  // Every run sees each alert fire and not fire; `npm run prove` plays all tests.
  const all = testsFiles.flatMap(({ tests }) => tests)
  const played = new Set(proveAll ? all : essential(all))
  const runs = promtools.flatMap((program) =>
    testsFiles
      .map((file) => ({ ...file, tests: file.tests.filter((group) => played.has(group)) }))
      .filter(({ tests }) => tests.length > 0)
      .map((tests) => ({ program, tests, name: basename(tests.file) })),
  )

  // promtool evaluates every rule at every step: of the rules that a test asks for it needs a third of the time of all.
  it.each(runs)('$program: $name', async ({ program, tests }) => {
    const parts = inParts(rulesFilesOf(tests), tests)
    expect(parts.flatMap((part) => part.tests.tests)).toHaveLength(tests.tests.length)
    const folder = await tempFolder()
    for (const part of parts) expect(await testRules(part, folder, [program])).toMatchObject({ passed: true })
  })

  // Nobody has to call jobs as the stack does. The file about jobs is the one that would notice it first.
  it.each(runs.filter(({ name }) => proveAll || name === 'self.test.yml'))(
    '$program: $name, under other names of jobs',
    async ({ program, tests }) => {
      const renamed = withOtherJobs(tests)
      expect(JSON.stringify(renamed)).not.toMatch(/job\W+(probity|probes|notifier|prometheus|alertmanager)\b/)
      const folder = await tempFolder()
      for (const part of inParts(rulesFilesOf(renamed), renamed))
        expect(await testRules(part, folder, [program])).toMatchObject({ passed: true })
    },
  )

  // Here no rule is missing, and the files are as they ship.
  it.each(proveAll ? runs : [])('$program: $name, with all rules', async ({ program, tests }) => {
    expect(await promtool(program, ['test', 'rules', tests.file])).toMatchObject({ passed: true })
  })
})
