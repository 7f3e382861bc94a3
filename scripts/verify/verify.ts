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
  /** Run in this order, before the tests. One that fails does not stop those after it: one run reports everything. */
  steps: readonly Step[]
  /** Run in this order while the tests run, which wait more than they work; what they write is printed after the tests. */
  beside: readonly Step[]
  /** Runs Vitest; its reporters are appended. */
  tests: Step
  /** Where the lines of this program go; what runs alone, and the tests, write to its own stdout and stderr. */
  print: (line: string) => void
  /** Milliseconds from an arbitrary start. */
  now: () => number
}

/**
 * Runs the steps and the tests. The last line printed is `N passed, N failed, N skipped`: tests, and as failed also
 * each other step that failed.
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
  const [{ tally, skipped }] = await Promise.all([runTests(tests, alone), runBeside()])

  for (const text of held) print(text)
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

/**
 * Runs a program to its end. One that cannot be started counts as failed, as does one that a signal ended.
 *
 * @param capture Whether `print` gets what it writes, in one text at its end, and not the terminal.
 */
function run(
  [program, ...args]: Step['command'],
  print: (text: string) => void,
  capture = false,
): Promise<number> {
  return new Promise((resolve) => {
    const output = capture ? 'pipe' : 'inherit'
    const child = spawn(program, args, { stdio: ['ignore', output, output] })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    }
    child.on('error', (error) => {
      print(error.message)
      resolve(1)
    })
    child.on('close', (code) => {
      if (text !== '') print(text.trimEnd())
      resolve(code ?? 1)
    })
  })
}
