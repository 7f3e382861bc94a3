/** What the process of a script reads: `job.json` in its folder. */
export interface Job {
  readonly script: string
  /** Where playwright-core is. */
  readonly playwright: string
  readonly program: string
  readonly sandbox: boolean
  /** The environment of the browser. */
  readonly browserEnv: Readonly<Record<string, string>>
  /** The variables that the script gets. */
  readonly env: Readonly<Record<string, string>>
  /** Milliseconds for the script, from the start of the process on: afterwards there is time for a picture. */
  readonly scriptMs: number
}

/** Where a script failed: it could not be run, the browser could not, or the pages are not as expected. */
export type Trouble = 'script' | 'browser' | 'page' | 'timeout'

/** What the process writes: `report.json` in its folder. */
export interface Report {
  readonly steps: readonly { readonly name: string; readonly seconds: number; readonly error?: string }[]
  /** Seconds that the script took, without the start of the browser. */
  readonly seconds: number
  readonly trouble?: { readonly what: Trouble; readonly message: string; readonly step?: string }
  /** Statuses of 400 or more, of pages that the script has opened. */
  readonly httpErrors: readonly string[]
  /** The first of them. */
  readonly consoleErrors: readonly string[]
  readonly consoleErrorCount: number
  /** Where the browser was, without query and fragment. */
  readonly url?: string
}

/** Steps of a script; more are not measured. */
export const maxSteps = 50

/** Characters of the name of a step, which becomes a label. */
export const maxStepName = 64

/** Errors of each kind that are kept. */
export const maxErrors = 10

/** Characters of a message that is kept. */
export const maxMessage = 1000

/** Files in the folder of a job. */
export const files = {
  job: 'job.json',
  report: 'report.json',
  picture: 'picture.jpg',
  /** The name of the step that runs. */
  step: 'step.txt',
} as const
