import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { skippedNames, tallyTests, type TestReport, type Tally } from './tally.ts'

export interface Step {
  name: string
  /** The program and its arguments. */
  command: readonly [string, ...string[]]
}

export interface VerifyOptions {
  /** Run in this order. One that fails does not stop those after it: one run reports everything. */
  steps: readonly Step[]
  /** Runs Vitest; its reporters are appended. */
  tests: Step
  /** Where the lines of this program go; the steps write to its own stdout and stderr. */
  print: (line: string) => void
  /** Milliseconds from an arbitrary start. */
  now: () => number
}

/**
 * Runs the steps, then the tests. The last line printed is `N passed, N failed, N skipped`: tests, and as failed also
 * each other step that failed.
 *
 * @returns Whether nothing failed.
 */
export async function verify({ steps, tests, print, now }: VerifyOptions): Promise<boolean> {
  const lines: string[] = []
  const timed = async (step: Step): Promise<number> => {
    print(`\n== ${step.name}`)
    const start = now()
    const exitCode = await run(step.command, print)
    const seconds = ((now() - start) / 1000).toFixed(1)
    lines.push(`${exitCode === 0 ? 'ok    ' : 'FAILED'} ${step.name} ${seconds} s`)
    return exitCode
  }

  let failedSteps = 0
  for (const step of steps) if ((await timed(step)) !== 0) failedSteps += 1
  const { tally, skipped } = await runTests(tests, timed)

  print('')
  for (const line of lines) print(line)
  for (const name of skipped) print(`skipped: ${name}`)
  const failed = tally.failed + failedSteps
  print(`${tally.passed} passed, ${failed} failed, ${tally.skipped} skipped`)
  return failed === 0
}

async function runTests(
  tests: Step,
  timed: (step: Step) => Promise<number>,
): Promise<{ tally: Tally; skipped: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'probity-verify-'))
  try {
    const file = join(folder, 'report.json')
    const exitCode = await timed({
      ...tests,
      command: [...tests.command, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    })
    const text = await readFile(file, 'utf8').catch(() => undefined)
    const report = text === undefined ? undefined : (JSON.parse(text) as TestReport)
    return { tally: tallyTests(report, exitCode), skipped: report === undefined ? [] : skippedNames(report) }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Runs a program to its end. One that cannot be started counts as failed, as does one that a signal ended. */
function run([program, ...args]: Step['command'], print: (line: string) => void): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] })
    child.on('error', (error) => {
      print(error.message)
      resolve(1)
    })
    child.on('close', (code) => {
      resolve(code ?? 1)
    })
  })
}
