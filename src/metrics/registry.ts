import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { version } from '../lib/version.ts'
import type { Metric } from '../checks/metric.ts'
import { countOpenFiles } from './open-files.ts'

/**
 * Gauges of prom-client that are named like counters, which Prometheus' own tools complain about. Each is the sum of another:
 * `nodejs_active_handles`, ...
 */
const sumsOfOthers = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
]

/**
 * A registry that every /metrics of Probity begins with: the process, and the versions that run.
 *
 * @param buildInfo What these are called: the rules find exporters by this name.
 */
export function createRegistry(buildInfo: Metric): Registry {
  const registry = new Registry()
  // Its figures contain this many milliseconds: those of its own timer.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 5 })
  for (const name of sumsOfOthers) registry.removeSingleMetric(name)
  countOpenFiles(registry)
  new Gauge({ ...definition(buildInfo), registers: [registry] }).set(
    { version, node_version: process.versions.node },
    1,
  )
  return registry
}

/** A family of the catalogue, as prom-client wants it said. */
export function definition({ name, help, labels }: Metric): {
  name: string
  help: string
  labelNames: string[]
} {
  return { name, help, labelNames: [...labels] }
}
