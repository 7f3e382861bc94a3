import { defineKind } from '../../kind.ts'
import { networkMetrics } from '../../shared/metrics/network.ts'
import { tlsMetrics } from '../../shared/metrics/tls.ts'
import { dockerMetrics } from './metrics.ts'
import { dockerFacts } from './result.ts'
import { dockerSchema } from './schema.ts'

/** `docker:` */
export const dockerKind = defineKind(dockerSchema, {
  kind: 'docker',
  summary: 'the state of a container of Docker or Podman',
  triedAgainst: 'a server with the documented answers of the Engine API',
  limits: '1 MiB',
  inBlackbox: false,
  metrics: [...networkMetrics, ...dockerMetrics, ...tlsMetrics],
  facts: dockerFacts,
  probe: async () => (await import('./probe.ts')).probeDocker,
})
