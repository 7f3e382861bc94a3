import { connectionFacts, type Fact } from '../fact.ts'
import type { ProbeResult } from '../result.ts'

/** How many certificates the server sent, and whether they led to an authority that is trusted. */
export function certificateFacts(result: ProbeResult): Fact[] {
  const { chain = [], verified = false } = result.tls ?? {}
  const count = chain.length === 1 ? '1 certificate' : `${chain.length} certificates`
  return [
    ...connectionFacts(result),
    ...(chain.length === 0
      ? []
      : [{ label: 'chain', value: `${count}, ${verified ? 'verified' : 'not verified'}` }]),
  ]
}
