import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { version } from '../lib/version.ts'
import type { Metric } from '../checks/metric.ts'

/**
 * A registry that every /metrics of Probity begins with: the process, and the versions that run.
 *
 * @param buildInfo What these are called: the rules find exporters by this name.
 */
export function createRegistry(buildInfo: Metric): Registry {
  const registry = new Registry()
  // Its figures contain this many milliseconds: those of its own timer.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 5 })
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
