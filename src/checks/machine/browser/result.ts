import type { Fact } from '../../fact.ts'
import type { ProbeResult } from '../../result.ts'
import { stepFact } from '../../transaction/result.ts'

/** What a browser has seen. Its steps are those of the result. */
export interface BrowserResult {
  /** Errors that pages have logged, in all. */
  readonly consoleErrors: number
  /** The first of them; absent without any. */
  readonly firstError?: string
  /** Where it was at the end, without query and fragment; absent where that is not a web page. */
  readonly url?: string
  /** What it showed at the end, as JPEG; present where something was wrong. */
  readonly picture?: Uint8Array
}

declare module '../../result.ts' {
  interface Findings {
    readonly browser?: BrowserResult
  }
}

/** Each step, where the browser was at the end, and what pages have complained about. */
export function browserFacts({ steps = [], browser }: ProbeResult): Fact[] {
  if (!browser) return []
  const { url, consoleErrors, firstError } = browser
  return [
    ...steps.map(stepFact),
    ...(url === undefined ? [] : [{ label: 'page', value: url }]),
    ...(consoleErrors === 0
      ? []
      : [{ label: 'console errors', value: `${consoleErrors}: ${firstError ?? ''}` }]),
  ]
}
