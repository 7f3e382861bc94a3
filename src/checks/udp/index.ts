import { defineKind } from '../kind.ts'
import { networkMetrics } from '../shared/metrics/network.ts'
import { udpMetrics } from './metrics.ts'
import { udpFacts } from './result.ts'
import { udpSchema } from './schema.ts'

/** `udp:` */
export const udpKind = defineKind(udpSchema, {
  kind: 'udp',
  summary: 'a datagram and its answer',
  triedAgainst: 'servers of Node.js',
  limits: 'one answer',
  inBlackbox: false,
  metrics: [...networkMetrics, ...udpMetrics],
  facts: udpFacts,
  probe: async () => (await import('./probe.ts')).probeUdp,
  standsAlone: () => true,
})
