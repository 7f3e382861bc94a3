import { run, type Step } from './run.ts'
import { runTests, type TestRun } from './run-tests.ts'
import { failedFiles, replaceFiles, skippedNames, tallyTests } from './tally.ts'

export type { Step } from './run.ts'

export interface VerifyOptions {
  /** Run in this order, before the tests. One that fails does not stop those after it: one run reports everything. */
  steps: readonly Step[]
  /** Run in this order while the tests run, which wait more than they work; what they write is printed after the tests. */
  beside: readonly Step[]
  /** Runs Vitest; its reporters are appended, and the files to run again. */
  tests: Step
  /** Where the lines of this program go; what runs alone, and the tests, write to its own stdout and stderr. */
  print: (line: string) => void
  /** Milliseconds from an arbitrary start. */
  now: () => number
}

/** With more failed files than this it was not the load. */
const MOST_FILES_AGAIN = 12

/**
 * Runs the steps and the tests. Test files that fail run once more when everything else has ended: on a machine that
 * does other work as well, a program that a test started may have been too late. Such a file is named in the output.
 * The last line printed is `N passed, N failed, N skipped`: tests, and as failed also each other step that failed.
 *
 * @returns Whether nothing failed.
 */
export async function verify({ steps, beside, tests, print, now }: VerifyOptions): Promise<boolean> {
  const lines: string[] = []
  const timed = async (step: Step, work: () => Promise<number>): Promise<number> => {
    const start = now()
    const exitCode = await work()
    const seconds = ((now() - start) / 1000).toFixed(1)
    lines.push(`${exitCode === 0 ? 'ok    ' : 'FAILED'} ${step.name} ${seconds} s`)
    return exitCode
  }
  const alone = (step: Step): Promise<number> => {
    print(`\n== ${step.name}`)
    return timed(step, () => run(step.command, print))
  }

  let failedSteps = 0
  for (const step of steps) if ((await alone(step)) !== 0) failedSteps += 1

  const held: string[] = []
  const runBeside = async (): Promise<void> => {
    for (const step of beside) {
      held.push(`\n== ${step.name}`)
      const exitCode = await timed(step, () => run(step.command, (text) => held.push(text), true))
      if (exitCode !== 0) failedSteps += 1
    }
  }
  const [first] = await Promise.all([runTests(tests, alone), runBeside()])
  for (const text of held) print(text)
  const { report, exitCode, passedAgain } = await runFailedAgain(tests, first, alone)

  print('')
  for (const line of lines) print(line)
  for (const file of passedAgain) print(`failed at first, passed alone: ${file}`)
  for (const name of report === undefined ? [] : skippedNames(report)) print(`skipped: ${name}`)
  const tally = tallyTests(report, exitCode)
  const failed = tally.failed + failedSteps
  print(`${tally.passed} passed, ${failed} failed, ${tally.skipped} skipped`)
  return failed === 0
}

async function runFailedAgain(
  tests: Step,
  first: TestRun,
  play: (step: Step) => Promise<number>,
): Promise<TestRun & { passedAgain: string[] }> {
  const files = first.report === undefined ? [] : failedFiles(first.report)
  if (first.report === undefined || files.length === 0 || files.length > MOST_FILES_AGAIN) {
    return { ...first, passedAgain: [] }
  }
  const command: Step['command'] = [...tests.command, '--maxWorkers=1', ...files]
  const again = await runTests({ name: `${tests.name} again`, command }, play)
  if (again.report === undefined) return { ...first, passedAgain: [] }
  const failed = new Set(failedFiles(again.report))
  return {
    report: replaceFiles(first.report, again.report),
    exitCode: again.exitCode,
    passedAgain: files.filter((file) => !failed.has(file)),
  }
}
