import type { Check } from '../checks/check.ts'
import { callMetrics } from './calls.ts'
import { commandMetrics } from '../checks/command/metrics.ts'
import { credentialMetrics } from '../checks/shared/metrics/credential.ts'
import { dialogueMetrics } from '../checks/shared/dialogue/metrics.ts'
import { dnsMetrics } from '../checks/dns/metrics.ts'
import { grpcMetrics } from '../checks/grpc/metrics.ts'
import { heartbeatMetrics } from '../checks/heartbeat/metrics.ts'
import { httpMetrics } from '../checks/http/metrics.ts'
import { icmpMetrics } from '../checks/icmp/metrics.ts'
import type { Metric } from '../checks/metric.ts'
import type { TargetMetric } from './probe.ts'
import { minitorMetricRows } from './minitor.ts'
import { networkMetrics } from '../checks/shared/metrics/network.ts'
import { rateLimitMetrics } from '../checks/http/rate-limit-metrics.ts'
import { selfMetrics } from './self.ts'
import { stepMetrics } from '../checks/transaction/metrics.ts'
import { tlsMetrics } from '../checks/shared/metrics/tls.ts'
import { thresholdMetrics, verdictMetrics } from './verdict.ts'
import { websocketMetrics } from '../checks/websocket/metrics.ts'

const overHttp: readonly TargetMetric[] = [
  ...verdictMetrics,
  ...thresholdMetrics,
  ...networkMetrics,
  ...httpMetrics,
  ...tlsMetrics,
  ...credentialMetrics,
  ...rateLimitMetrics,
]

/** What an answer of /probe holds, per kind of check. */
export const probeMetrics: Readonly<Record<Check['kind'], readonly TargetMetric[]>> = {
  http: overHttp,
  transaction: [...overHttp, ...stepMetrics],
  command: [...verdictMetrics, ...thresholdMetrics, ...commandMetrics],
  tcp: [...verdictMetrics, ...thresholdMetrics, ...networkMetrics, ...dialogueMetrics, ...tlsMetrics],
  unix: [...verdictMetrics, ...thresholdMetrics, ...dialogueMetrics, ...tlsMetrics],
  tls: [...verdictMetrics, ...thresholdMetrics, ...networkMetrics, ...tlsMetrics],
  dns: [...verdictMetrics, ...thresholdMetrics, ...networkMetrics, ...dnsMetrics, ...tlsMetrics],
  grpc: [...verdictMetrics, ...thresholdMetrics, ...networkMetrics, ...grpcMetrics, ...tlsMetrics],
  websocket: [
    ...verdictMetrics,
    ...thresholdMetrics,
    ...networkMetrics,
    ...websocketMetrics,
    ...tlsMetrics,
    ...credentialMetrics,
  ],
  icmp: [...verdictMetrics, ...thresholdMetrics, ...networkMetrics, ...icmpMetrics],
  heartbeat: [...verdictMetrics, ...thresholdMetrics, ...heartbeatMetrics],
}

/** Every metric that Probity exposes, each once. */
export const catalogue: { readonly probe: readonly Metric[]; readonly self: readonly Metric[] } = {
  probe: [...new Set(Object.values(probeMetrics).flat())],
  self: [...Object.values(selfMetrics), ...Object.values(callMetrics), ...Object.values(minitorMetricRows)],
}

/** The names of every series that Probity exposes. */
export function metricNames(): Set<string> {
  return new Set([...catalogue.probe, ...catalogue.self].flatMap(seriesNames))
}

function seriesNames({ name, type }: Metric): string[] {
  return type === 'histogram' ? ['_bucket', '_sum', '_count'].map((suffix) => name + suffix) : [name]
}
