import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Step } from './run.ts'
import type { TestReport } from './tally.ts'

export interface TestRun {
  /** Undefined when Vitest died before it could write one. */
  report: TestReport | undefined
  exitCode: number
}

/** Runs Vitest, with the reporters appended to its arguments, through `play`, which returns its exit code. */
export async function runTests(tests: Step, play: (step: Step) => Promise<number>): Promise<TestRun> {
  const folder = await mkdtemp(join(tmpdir(), 'probity-verify-'))
  try {
    const file = join(folder, 'report.json')
    const exitCode = await play({
      ...tests,
      command: [...tests.command, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    })
    const text = await readFile(file, 'utf8').catch(() => undefined)
    return { report: text === undefined ? undefined : (JSON.parse(text) as TestReport), exitCode }
  } finally {
    await rm(folder, { recursive: true })
  }
}
