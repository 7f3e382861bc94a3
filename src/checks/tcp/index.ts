import { defineKind } from '../kind.ts'
import { dialogueMetrics } from '../shared/dialogue/metrics.ts'
import { conversationFacts } from '../shared/dialogue/result.ts'
import { networkMetrics } from '../shared/metrics/network.ts'
import { tlsMetrics } from '../shared/metrics/tls.ts'
import { tcpSchema } from './schema.ts'

/** `tcp:` */
export const tcpKind = defineKind(tcpSchema, {
  kind: 'tcp',
  summary: 'a connection, and a dialogue over it',
  triedAgainst: 'PostgreSQL, blackbox_exporter on the same servers; servers of Node.js',
  limits: '1 MiB, 10,000 lines',
  inBlackbox: true,
  metrics: [...networkMetrics, ...dialogueMetrics, ...tlsMetrics],
  facts: conversationFacts,
  probe: async () => (await import('./probe.ts')).probeTcp,
  standsAlone: () => true,
})
