import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithTool } from '../support/programs/tools.ts'
import { startCollector, type RunningCollector } from './support/collector.ts'
import { runProgram } from './support/programs.ts'

const folder = join(import.meta.dirname, '../../clients/python')

/** Its own tests compare what the collector has counted; they name what they skip because a library is missing. */
describeWithTool(
  ['python3'],
  'the Python client',
  () => {
    let collector: RunningCollector

    beforeAll(async () => {
      collector = await startCollector(join(folder, 'tests/targets.yml'))
    })
    afterAll(() => collector.stop())

    it('has every call counted once, for its target, with its outcome', async () => {
      const python = process.env.PROBITY_PYTHON ?? 'python3'
      const { code, output } = await runProgram(
        python,
        ['-m', 'unittest', 'discover', '-v', '-t', '.', '-s', 'tests'],
        {
          cwd: folder,
          env: {
            PYTHONPATH: 'src',
            PYTHONDONTWRITEBYTECODE: '1',
            PROBITY_TEST_URL: collector.url,
            PROBITY_CALLS_ADDRESS: collector.address,
            PROBITY_CALLER: 'python',
            PROBITY_VERSION: '1',
          },
        },
      )
      expect(code, output).toBe(0)
      expect(output).toMatch(/Ran \d\d tests/)
    })
  },
  { optional: true },
)
