import { kinds, type Check } from '../checks/index.ts'
import type { Metric } from '../checks/metric.ts'
import { callMetrics } from './calls.ts'
import { minitorMetricRows } from './minitor.ts'
import type { TargetMetric } from './probe.ts'
import { relayMetrics } from './relay.ts'
import { selfMetrics } from './self.ts'
import { thresholdMetrics, verdictMetrics } from './verdict.ts'

/** What an answer of /probe holds, per kind of check. */
const probeMetrics: ReadonlyMap<Check['kind'], readonly TargetMetric[]> = new Map(
  kinds.map(({ kind, metrics }) => [kind, [...verdictMetrics, ...thresholdMetrics, ...metrics]]),
)

/** What an answer of /probe holds for a check of this kind. */
export function probeMetricsOf(kind: Check['kind']): readonly TargetMetric[] {
  return probeMetrics.get(kind) ?? []
}

/** Every metric that Probity exposes, each once. */
export const catalogue: { readonly probe: readonly Metric[]; readonly self: readonly Metric[] } = {
  probe: [...new Set([...probeMetrics.values()].flat())],
  self: [
    ...Object.values(selfMetrics),
    ...Object.values(relayMetrics),
    ...Object.values(callMetrics),
    ...Object.values(minitorMetricRows),
  ],
}

/** The names of every series that Probity exposes. */
export function metricNames(): Set<string> {
  return new Set([...catalogue.probe, ...catalogue.self].flatMap(seriesNames))
}

function seriesNames({ name, type }: Metric): string[] {
  return type === 'histogram' ? ['_bucket', '_sum', '_count'].map((suffix) => name + suffix) : [name]
}
