import { defineKind } from '../kind.ts'
import { credentialMetrics } from '../shared/metrics/credential.ts'
import { networkMetrics } from '../shared/metrics/network.ts'
import { oddityMetric } from '../shared/metrics/oddity.ts'
import { tlsMetrics } from '../shared/metrics/tls.ts'
import { websocketMetrics } from './metrics.ts'
import { websocketFacts } from './result.ts'
import { websocketSchema } from './schema.ts'

/** `websocket:` */
export const websocketKind = defineKind(websocketSchema, {
  kind: 'websocket',
  summary: 'the upgrade to WebSocket, and a dialogue over it',
  triedAgainst: 'ws',
  limits: '1 MiB, 10,000 messages, 100 pings',
  inBlackbox: true,
  metrics: [...networkMetrics, ...websocketMetrics, oddityMetric, ...tlsMetrics, ...credentialMetrics],
  facts: websocketFacts,
  probe: async () => (await import('./probe.ts')).probeWebsocket,
  standsAlone: () => true,
})
