import { connectionFacts, type Fact } from '../fact.ts'
import type { ProbeResult } from '../result.ts'

/** What a query came to. */
export interface SqlResult {
  /** How many rows there were, up to 1000; absent without an answer. */
  readonly rows?: number
}

declare module '../result.ts' {
  interface Findings {
    readonly sql?: SqlResult
  }
}

/** Where the connection led, and how many rows came. The rows themselves are not shown: they may hold anything. */
export function sqlFacts(result: ProbeResult): Fact[] {
  const { rows } = result.sql ?? {}
  return [...connectionFacts(result), ...(rows === undefined ? [] : [{ label: 'rows', value: String(rows) }])]
}
