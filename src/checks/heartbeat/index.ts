import { defineKind } from '../kind.ts'
import { heartbeatMetrics } from './metrics.ts'
import { heartbeatFacts } from './result.ts'
import { heartbeatSchema } from './schema.ts'

/** `heartbeat:` */
export const heartbeatKind = defineKind(heartbeatSchema, {
  kind: 'heartbeat',
  summary: 'whether a job has called in time',
  triedAgainst: 'curl',
  limits: '1 MiB of text, 60 calls in 10 seconds',
  inBlackbox: false,
  metrics: [...heartbeatMetrics],
  facts: heartbeatFacts,
  probe: async () => (await import('./probe.ts')).probeElsewhere,
})
