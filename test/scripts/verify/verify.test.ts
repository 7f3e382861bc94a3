import { describe, expect, it } from 'vitest'
import type { TestReport } from '../../../scripts/verify/tally.ts'
import { verify, type Step } from '../../../scripts/verify/verify.ts'

const node = (name: string, code: string): Step => ({ name, command: [process.execPath, '-e', code, '--'] })
const good = node('build', '')
const bad = node('lint', 'process.exit(3)')

/** Stands for Vitest: writes a report where `--outputFile.json=` says; the second one when it is given files to run. */
function vitest(report: TestReport, exitCode: number, again?: TestReport): Step {
  const script = `
    const file = process.argv.find((arg) => arg.startsWith('--outputFile.json=')).slice('--outputFile.json='.length)
    const second = process.argv.includes('--maxWorkers=1')
    const [report, exitCode] = second ? ${JSON.stringify([again ?? report, again ? 0 : exitCode])} : ${JSON.stringify([report, exitCode])}
    require('node:fs').writeFileSync(file, JSON.stringify(report))
    process.exit(exitCode)`
  return { name: 'test', command: [process.execPath, '-e', script, '--'] }
}

const result = (title: string, status: string, ...ancestorTitles: string[]) => ({
  ancestorTitles,
  title,
  status,
})

const report: TestReport = {
  testResults: [
    {
      name: '/project/test/rules.test.ts',
      status: 'passed',
      assertionResults: [
        result('a', 'skipped', 'rules on promtool'),
        result('b', 'skipped', '', 'rules on promtool'),
        result('c', 'passed', ''),
      ],
    },
  ],
}

const slow = '/project/test/slow.test.ts'
const withSlow = (status: string): TestReport => ({
  testResults: [
    ...report.testResults,
    { name: slow, status, assertionResults: [result('in time', status), result('always', 'passed')] },
  ],
})

async function outcome(
  steps: Step[],
  tests: Step,
  beside: Step[] = [],
): Promise<{ passed: boolean; lines: string[] }> {
  const lines: string[] = []
  let milliseconds = 0
  const passed = await verify({
    steps,
    beside,
    tests,
    print: (line) => lines.push(line),
    now: () => (milliseconds += 1500),
  })
  return { passed, lines }
}

describe('verify', () => {
  it('ends with the counts, after each step with its seconds and each skipped suite once', async () => {
    const { passed, lines } = await outcome([good], vitest(report, 0))
    expect(passed).toBe(true)
    expect(lines.slice(-4)).toEqual([
      'ok     build 1.5 s',
      'ok     test 1.5 s',
      'skipped: rules on promtool',
      '1 passed, 0 failed, 2 skipped',
    ])
  })

  it('runs everything after a step that failed, and counts that as one failure', async () => {
    const { passed, lines } = await outcome([bad, good], vitest(report, 0))
    expect(passed).toBe(false)
    expect(lines).toContain('FAILED lint 1.5 s')
    expect(lines).toContain('ok     build 1.5 s')
    expect(lines.at(-1)).toBe('1 passed, 1 failed, 2 skipped')
  })

  it('prints what runs beside the tests after them, and counts one that fails', async () => {
    const besides: Step[] = [
      node('lint', "console.log('a.ts: unused'); process.exit(1)"),
      node('types', "console.error('b.ts: no such name')"),
    ]
    const { passed, lines } = await outcome([], vitest(report, 0), besides)
    expect(passed).toBe(false)
    expect(lines.filter((line) => !/^(ok|FAILED|skipped)/.test(line))).toEqual([
      '\n== test',
      '\n== lint',
      'a.ts: unused',
      '\n== types',
      'b.ts: no such name',
      '',
      '1 passed, 1 failed, 2 skipped',
    ])
  })

  it('counts failed tests, and suites that could not run', async () => {
    const { testResults } = withSlow('failed')
    const unloaded = { name: '/project/test/none.test.ts', status: 'failed', assertionResults: [] }
    const { passed, lines } = await outcome([good], vitest({ testResults: [...testResults, unloaded] }, 1))
    expect(passed).toBe(false)
    expect(lines.at(-1)).toBe('2 passed, 2 failed, 2 skipped')
  })

  it('runs a file that failed once more, alone, and says so', async () => {
    const again = { testResults: withSlow('passed').testResults.slice(1) }
    const { passed, lines } = await outcome([], vitest(withSlow('failed'), 1, again))
    expect(passed).toBe(true)
    expect(lines.slice(-5)).toEqual([
      'FAILED test 1.5 s',
      'ok     test again 1.5 s',
      `failed at first, passed alone: ${slow}`,
      'skipped: rules on promtool',
      '3 passed, 0 failed, 2 skipped',
    ])
  })

  it('runs nothing again where too much failed', async () => {
    const testResults = Array.from({ length: 13 }, (_, index) => ({
      name: `/project/test/${String(index)}.test.ts`,
      status: 'failed',
      assertionResults: [result('a', 'failed')],
    }))
    const { lines } = await outcome([], vitest({ testResults }, 1, { testResults: [] }))
    expect(lines).not.toContain('\n== test again')
    expect(lines.at(-1)).toBe('0 passed, 13 failed, 0 skipped')
  })

  it('fails when Vitest fails although no test did', async () => {
    const { passed, lines } = await outcome([good], vitest(report, 1))
    expect(passed).toBe(false)
    expect(lines.at(-1)).toBe('1 passed, 1 failed, 2 skipped')
  })

  it('fails when Vitest dies before it reports', async () => {
    const { passed, lines } = await outcome([good], bad)
    expect(passed).toBe(false)
    expect(lines.at(-1)).toBe('0 passed, 1 failed, 0 skipped')
  })

  it('counts a program that does not exist as failed', async () => {
    const missing: Step = { name: 'knip', command: ['/nonexistent/program'] }
    const { passed, lines } = await outcome([missing], vitest(report, 0))
    expect(passed).toBe(false)
    expect(lines).toContain('FAILED knip 1.5 s')
  })
})
