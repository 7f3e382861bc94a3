import { defineKind } from '../kind.ts'
import { networkMetrics } from '../shared/metrics/network.ts'
import { icmpMetrics } from './metrics.ts'
import { icmpFacts } from './result.ts'
import { icmpSchema } from './schema.ts'

/** `icmp:` */
export const icmpKind = defineKind(icmpSchema, {
  kind: 'icmp',
  summary: 'an echo request ("ping") and its reply',
  triedAgainst: 'ping of iputils',
  limits: 'one reply',
  inBlackbox: true,
  metrics: [...networkMetrics, ...icmpMetrics],
  facts: icmpFacts,
  probe: async () => (await import('./probe.ts')).probeIcmp,
})
