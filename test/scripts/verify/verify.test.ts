import { describe, expect, it } from 'vitest'
import type { JestReport } from '../../../scripts/verify/tally.ts'
import { verify, type Step } from '../../../scripts/verify/verify.ts'

const node = (name: string, code: string): Step => ({ name, command: [process.execPath, '-e', code, '--'] })
const good = node('build', '')
const bad = node('lint', 'process.exit(3)')

/** Stands for Jest: writes a report where `--outputFile=` says. */
function jest(report: JestReport, exitCode: number): Step {
  const script = `
    const file = process.argv.find((arg) => arg.startsWith('--outputFile=')).slice('--outputFile='.length)
    require('node:fs').writeFileSync(file, ${JSON.stringify(JSON.stringify(report))})
    process.exit(${exitCode})`
  return { name: 'test', command: [process.execPath, '-e', script, '--'] }
}

const report: JestReport = {
  numPassedTests: 7,
  numFailedTests: 0,
  numPendingTests: 2,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
  testResults: [
    {
      assertionResults: [
        { ancestorTitles: ['rules on promtool'], title: 'a', status: 'pending' },
        { ancestorTitles: ['rules on promtool'], title: 'b', status: 'pending' },
        { ancestorTitles: [], title: 'c', status: 'passed' },
      ],
    },
  ],
}

async function outcome(steps: Step[], tests: Step): Promise<{ passed: boolean; lines: string[] }> {
  const lines: string[] = []
  let milliseconds = 0
  const passed = await verify({
    steps,
    tests,
    print: (line) => lines.push(line),
    now: () => (milliseconds += 1500),
  })
  return { passed, lines }
}

describe('verify', () => {
  it('ends with the counts, after each step with its seconds and each skipped suite once', async () => {
    const { passed, lines } = await outcome([good], jest(report, 0))
    expect(passed).toBe(true)
    expect(lines.slice(-4)).toEqual([
      'ok     build 1.5 s',
      'ok     test 1.5 s',
      'skipped: rules on promtool',
      '7 passed, 0 failed, 2 skipped',
    ])
  })

  it('runs everything after a step that failed, and counts that as one failure', async () => {
    const { passed, lines } = await outcome([bad, good], jest(report, 0))
    expect(passed).toBe(false)
    expect(lines).toContain('FAILED lint 1.5 s')
    expect(lines).toContain('ok     build 1.5 s')
    expect(lines.at(-1)).toBe('7 passed, 1 failed, 2 skipped')
  })

  it('counts failed tests, and suites that could not run', async () => {
    const failing = { ...report, numFailedTests: 2, numRuntimeErrorTestSuites: 1 }
    const { passed, lines } = await outcome([good], jest(failing, 1))
    expect(passed).toBe(false)
    expect(lines.at(-1)).toBe('7 passed, 3 failed, 2 skipped')
  })

  it('fails when Jest fails although no test did', async () => {
    const { passed, lines } = await outcome([good], jest(report, 1))
    expect(passed).toBe(false)
    expect(lines.at(-1)).toBe('7 passed, 1 failed, 2 skipped')
  })

  it('fails when Jest dies before it reports', async () => {
    const { passed, lines } = await outcome([good], bad)
    expect(passed).toBe(false)
    expect(lines.at(-1)).toBe('0 passed, 1 failed, 0 skipped')
  })

  it('counts a program that does not exist as failed', async () => {
    const missing: Step = { name: 'knip', command: ['/nonexistent/program'] }
    const { passed, lines } = await outcome([missing], jest(report, 0))
    expect(passed).toBe(false)
    expect(lines).toContain('FAILED knip 1.5 s')
  })
})
