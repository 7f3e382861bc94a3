import { defineKind } from '../kind.ts'
import { heartbeatMetrics } from './metrics.ts'
import { heartbeatFacts } from './result.ts'
import { heartbeatSchema } from './schema.ts'

/** `heartbeat:` */
export const heartbeatKind = defineKind(heartbeatSchema, {
  kind: 'heartbeat',
  summary: 'whether a job has called in time',
  inBlackbox: false,
  metrics: [...heartbeatMetrics],
  facts: heartbeatFacts,
  probe: async () => (await import('./probe.ts')).probeElsewhere,
})
