import { ProbityError } from '../lib/errors.ts'

/** One thing that is wrong in a configuration. */
export interface ConfigIssue {
  /** As it was named on the command line, or inside the directory that was. */
  readonly file: string
  /** From 1; 0 where the file as a whole is meant. */
  readonly line: number
  /** From 1; 0 where the file as a whole is meant. */
  readonly column: number
  /** Where in the document: `targets[1].expect.status`. Empty for the document itself. */
  readonly path: string
  /** What was expected, and what to do. Never holds what a `${...}` expanded to. */
  readonly message: string
}

const linesShown = 100

/** A configuration that cannot be used. Its message has one line per problem, in the order of the file. */
export class ConfigError extends ProbityError {
  override name = 'ConfigError'
  readonly issues: readonly ConfigIssue[]
  /** Every file that was read or looked for: a change of one of them may mend the configuration. */
  readonly files: readonly string[]

  constructor(issues: readonly ConfigIssue[], files: readonly string[] = []) {
    const lines = issues.slice(0, linesShown).map(formatIssue)
    if (issues.length > linesShown) lines.push(`... and ${issues.length - linesShown} more`)
    super('CONFIG_INVALID', lines.join('\n'))
    this.issues = issues
    this.files = files
  }
}

/** `targets.yml:6:14 targets[1].tmieout: unknown key (did you mean timeout?)` */
function formatIssue({ file, line, column, path, message }: ConfigIssue): string {
  const place = line === 0 ? file : `${file}:${line}:${column}`
  return `${place}${path === '' ? '' : ` ${path}`}: ${message}`
}
