import { defineKind } from '../kind.ts'
import { dialogueMetrics } from '../shared/dialogue/metrics.ts'
import { conversationFacts } from '../shared/dialogue/result.ts'
import { tlsMetrics } from '../shared/metrics/tls.ts'
import { unixSchema } from './schema.ts'

/** `unix:` */
export const unixKind = defineKind(unixSchema, {
  kind: 'unix',
  summary: 'a connection over a Unix domain socket, and a dialogue over it',
  triedAgainst: 'blackbox_exporter on the same servers; servers of Node.js',
  limits: '1 MiB, 10,000 lines',
  inBlackbox: true,
  metrics: [...dialogueMetrics, ...tlsMetrics],
  facts: conversationFacts,
  probe: async () => (await import('./probe.ts')).probeUnix,
  standsAlone: () => true,
})
