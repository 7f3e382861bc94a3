import { defineKind } from '../kind.ts'
import { networkMetrics } from '../shared/metrics/network.ts'
import { tlsMetrics } from '../shared/metrics/tls.ts'
import { redisMetrics } from './metrics.ts'
import { redisFacts } from './result.ts'
import { redisSchema } from './schema.ts'

/** `redis:` */
export const redisKind = defineKind(redisSchema, {
  kind: 'redis',
  summary: 'a command to a Redis server and its answer',
  triedAgainst: 'Redis',
  limits: '1 MiB, 10,000 items',
  inBlackbox: false,
  metrics: [...networkMetrics, ...redisMetrics, ...tlsMetrics],
  facts: redisFacts,
  probe: async () => (await import('./probe.ts')).probeRedis,
  standsAlone: () => true,
})
