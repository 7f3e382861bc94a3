import { connectionFacts, type Fact } from '../fact.ts'
import type { ProbeResult } from '../result.ts'
import { plural } from '../../lib/text/text.ts'

/** How many certificates the server sent, and whether they led to an authority that is trusted. */
export function certificateFacts(result: ProbeResult): Fact[] {
  const { chain = [], verified = false } = result.tls ?? {}
  return [
    ...connectionFacts(result),
    ...(chain.length === 0
      ? []
      : [
          {
            label: 'chain',
            value: `${plural(chain.length, 'certificate')}, ${verified ? 'verified' : 'not verified'}`,
          },
        ]),
  ]
}
