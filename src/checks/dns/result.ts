import { connectionFacts, type Fact } from '../fact.ts'
import type { ProbeResult } from '../result.ts'

/** What a question to a name server has brought. */
export interface DnsResult {
  /** Seconds; 0 where a phase was not reached. */
  readonly phases: Readonly<Record<'resolve' | 'connect' | 'request', number>>
  /** Whether there was an answer, whatever it says. */
  readonly answered: boolean
  readonly answerRecords: number
  readonly authorityRecords: number
  readonly additionalRecords: number
  /** Of the zone, where its SOA record was asked for; 0 when the answer has none. */
  readonly serial?: number
}

declare module '../result.ts' {
  interface Findings {
    readonly dns?: DnsResult
  }
}

/** How many records each section of the answer holds, and the serial number of the zone. */
export function dnsFacts(result: ProbeResult): Fact[] {
  const { dns } = result
  if (!dns?.answered) return connectionFacts(result)
  const { answerRecords, authorityRecords, additionalRecords, serial } = dns
  return [
    ...connectionFacts(result),
    {
      label: 'records',
      value: `${answerRecords} answer, ${authorityRecords} authority, ${additionalRecords} additional`,
    },
    ...(serial === undefined ? [] : [{ label: 'serial', value: String(serial) }]),
  ]
}
