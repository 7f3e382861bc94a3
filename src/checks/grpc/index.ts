import { defineKind } from '../kind.ts'
import { networkMetrics } from '../shared/metrics/network.ts'
import { tlsMetrics } from '../shared/metrics/tls.ts'
import { grpcMetrics } from './metrics.ts'
import { grpcFacts } from './result.ts'
import { grpcSchema } from './schema.ts'

/** `grpc:` */
export const grpcKind = defineKind(grpcSchema, {
  kind: 'grpc',
  summary: 'the health service of a gRPC server',
  triedAgainst: 'grpc-js, blackbox_exporter on the same servers',
  limits: '16 KiB',
  inBlackbox: true,
  metrics: [...networkMetrics, ...grpcMetrics, ...tlsMetrics],
  facts: grpcFacts,
  probe: async () => (await import('./probe.ts')).probeGrpc,
  standsAlone: () => true,
})
