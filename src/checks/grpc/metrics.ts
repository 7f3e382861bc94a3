import type { HttpPhase } from '../../net/attempt.ts'
import type { ProbeResult } from '../result.ts'
import { always, maybe, type ProbeMetric } from '../metric.ts'

/** Our phases, and what the one of the call itself is called in blackbox_exporter. */
const phases: readonly (readonly [HttpPhase, string])[] = [
  ['resolve', 'resolve'],
  ['connect', 'connect'],
  ['tls', 'tls'],
  ['processing', 'check'],
]

const servingStatuses = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'] as const

/** Codes of gRPC that a client gives itself, where the server gave none. */
const deadlineExceeded = 4
const unavailable = 14

function statusCode({ grpc, failure }: ProbeResult): number {
  if (grpc?.statusCode !== undefined) return grpc.statusCode
  if (failure?.reason === 'dns') return 0
  return failure?.reason === 'timeout' ? deadlineExceeded : unavailable
}

/** How a call of gRPC's health service went. Names and semantics are blackbox_exporter's; connecting has its own phases. */
export const grpcMetrics: readonly ProbeMetric[] = [
  maybe(
    'probe_grpc_duration_seconds',
    'Duration of gRPC request by phase',
    ({ result }) =>
      phases.flatMap(([phase, label]) => {
        const value = result.phases?.[phase]
        return value === undefined ? [] : [{ labels: { phase: label }, value }]
      }),
    { labels: ['phase'], unit: 'seconds' },
  ),
  always('probe_grpc_ssl', 'Indicates if SSL was used for the connection', ({ result }) =>
    Number(result.grpc?.ssl ?? false),
  ),
  always('probe_grpc_status_code', 'Response gRPC status code', ({ result }) => statusCode(result)),
  maybe(
    'probe_grpc_healthcheck_response',
    'Response HealthCheck response',
    ({ result }) =>
      servingStatuses.map((status) => ({
        labels: { serving_status: status },
        value: Number(result.grpc?.servingStatus === status),
      })),
    { labels: ['serving_status'] },
  ),
]
