import { defineKind } from '../kind.ts'
import { networkMetrics } from '../shared/metrics/network.ts'
import { icmpMetrics } from './metrics.ts'
import { icmpFacts } from './result.ts'
import { icmpSchema } from './schema.ts'

/** `icmp:` */
export const icmpKind = defineKind(icmpSchema, {
  kind: 'icmp',
  metrics: [...networkMetrics, ...icmpMetrics],
  facts: icmpFacts,
  probe: async () => (await import('./probe.ts')).probeIcmp,
})
