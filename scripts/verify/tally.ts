/** The part of `jest --json` that is read here. */
export interface JestReport {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  /** Suites that could not run at all: their tests are in none of the other numbers. */
  numRuntimeErrorTestSuites: number
  testResults: { assertionResults: { ancestorTitles: string[]; title: string; status: string }[] }[]
}

export interface Tally {
  passed: number
  failed: number
  skipped: number
}

/**
 * Counts the tests.
 *
 * @param report What Jest wrote, or undefined when it died before it could.
 * @param exitCode Jest's own: it also fails for reasons that no test shows, such as an error after the last one.
 */
export function tallyTests(report: JestReport | undefined, exitCode: number): Tally {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 }
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/** The names of what was skipped: a whole suite by its heading, a test outside of any by its own title. */
export function skippedNames(report: JestReport): string[] {
  const skipped = report.testResults
    .flatMap((suite) => suite.assertionResults)
    .filter(({ status }) => status === 'pending' || status === 'todo')
  return [...new Set(skipped.map(({ ancestorTitles, title }) => ancestorTitles[0] ?? title))]
}
