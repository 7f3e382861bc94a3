import { formatMilliseconds } from '../../lib/time/milliseconds.ts'
import type { Fact } from '../fact.ts'
import type { ProbeResult } from '../result.ts'

/** What one echo request was answered with. */
export interface IcmpResult {
  /** Seconds from its sending to its answer. */
  readonly rttSeconds: number
  /** Seconds that everything else took. */
  readonly setupSeconds: number
  /** The time to live of the answer; absent if it was not reported. */
  readonly replyHopLimit?: number
}

declare module '../result.ts' {
  interface Findings {
    readonly icmp?: IcmpResult
  }
}

/** Who answered the echo request, how fast, and how many hops the answer had left. */
export function icmpFacts({ icmp, resolve }: ProbeResult): Fact[] {
  if (!icmp) return []
  const from = resolve?.address === undefined ? '' : ` from ${resolve.address}`
  return [
    { label: 'round trip', value: `${formatMilliseconds(icmp.rttSeconds)}${from}` },
    ...(icmp.replyHopLimit === undefined ? [] : [{ label: 'hop limit', value: String(icmp.replyHopLimit) }]),
  ]
}
