import type { Fact } from '../fact.ts'
import type { ProbeResult } from '../result.ts'
import { plural } from '../../lib/text/text.ts'

/** What came back. */
export interface UdpResult {
  /** Of the answer; absent without one. */
  readonly bytes?: number
}

declare module '../result.ts' {
  interface Findings {
    readonly udp?: UdpResult
  }
}

/** What a person is shown of it. Empty where nothing was seen. */
export function udpFacts({ udp, resolve }: ProbeResult): Fact[] {
  if (udp?.bytes === undefined) return []
  const from = resolve?.address === undefined ? '' : ` from ${resolve.address}`
  return [{ label: 'answer', value: `${plural(udp.bytes, 'byte')}${from}` }]
}
