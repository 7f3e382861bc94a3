/** The part of the report of Vitest's `json` reporter that is read here. */
export interface TestReport {
  testResults: FileReport[]
}

export interface FileReport {
  /** The path of the test file. */
  name: string
  status: string
  assertionResults: { ancestorTitles: string[]; title: string; status: string }[]
}

export interface Tally {
  passed: number
  failed: number
  skipped: number
}

const SKIPPED = ['skipped', 'pending', 'todo', 'disabled']

/**
 * Counts the tests.
 *
 * @param report What Vitest wrote, or undefined when it died before it could.
 * @param exitCode Vitest's own: it also fails for reasons that no test shows, such as an error after the last one.
 */
export function tallyTests(report: TestReport | undefined, exitCode: number): Tally {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 }
  const statuses = report.testResults.flatMap((file) => file.assertionResults).map(({ status }) => status)
  const count = (wanted: readonly string[]): number =>
    statuses.filter((status) => wanted.includes(status)).length
  const failed = count(['failed']) + report.testResults.filter(failedOutsideOfTests).length
  return {
    passed: count(['passed']),
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: count(SKIPPED),
  }
}

/** A file that could not be loaded, or whose hooks failed: none of its tests shows it. */
function failedOutsideOfTests({ status, assertionResults }: FileReport): boolean {
  return status === 'failed' && assertionResults.every((test) => test.status !== 'failed')
}

/** The paths of the test files in which something failed. */
export function failedFiles(report: TestReport): string[] {
  return report.testResults.filter(({ status }) => status === 'failed').map(({ name }) => name)
}

/** The report with the files that a later run has played again as that one saw them. */
export function replaceFiles(report: TestReport, later: TestReport): TestReport {
  const again = new Map(later.testResults.map((file) => [file.name, file]))
  return { testResults: report.testResults.map((file) => again.get(file.name) ?? file) }
}

/** The names of what was skipped: a whole suite by its heading, a test outside of any by its own title. */
export function skippedNames(report: TestReport): string[] {
  const skipped = report.testResults
    .flatMap((file) => file.assertionResults)
    .filter(({ status }) => SKIPPED.includes(status))
  return [
    ...new Set(
      skipped.map(({ ancestorTitles, title }) => ancestorTitles.find((name) => name !== '') ?? title),
    ),
  ]
}
