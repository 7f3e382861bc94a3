/** The part of the report of Vitest's `json` reporter that is read here. */
export interface TestReport {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: {
    status: string
    assertionResults: { ancestorTitles: string[]; title: string; status: string }[]
  }[]
}

export interface Tally {
  passed: number
  failed: number
  skipped: number
}

/**
 * Counts the tests.
 *
 * @param report What Vitest wrote, or undefined when it died before it could.
 * @param exitCode Vitest's own: it also fails for reasons that no test shows, such as an error after the last one.
 */
export function tallyTests(report: TestReport | undefined, exitCode: number): Tally {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 }
  const failed = report.numFailedTests + report.testResults.filter(failedOutsideOfTests).length
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/** A file that could not be loaded, or whose hooks failed: none of its tests shows it. */
function failedOutsideOfTests({ status, assertionResults }: TestReport['testResults'][number]): boolean {
  return status === 'failed' && assertionResults.every((test) => test.status !== 'failed')
}

/** The names of what was skipped: a whole suite by its heading, a test outside of any by its own title. */
export function skippedNames(report: TestReport): string[] {
  const skipped = report.testResults
    .flatMap((file) => file.assertionResults)
    .filter(({ status }) => status === 'skipped' || status === 'pending' || status === 'todo')
  return [
    ...new Set(
      skipped.map(({ ancestorTitles, title }) => ancestorTitles.find((name) => name !== '') ?? title),
    ),
  ]
}
