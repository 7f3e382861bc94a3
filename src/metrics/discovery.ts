import { Gauge, type Registry } from 'prom-client'
import type { SourceStatus } from '../config/discovery/discovering.ts'
import { definition } from './registry.ts'
import { selfMetrics } from './self.ts'

/** Adds to a registry what comes of the sources of targets. */
export function discoveryMetrics(registry: Registry, sources: () => readonly SourceStatus[]): void {
  const add = (
    metric: Parameters<typeof definition>[0],
    value: (status: SourceStatus) => number | undefined,
  ): void => {
    new Gauge({
      ...definition(metric),
      registers: [registry],
      collect() {
        // A source that is no longer configured is gone.
        this.reset()
        for (const status of sources()) {
          const number = value(status)
          if (number !== undefined) this.set({ source: status.source.name }, number)
        }
      },
    })
  }
  add(selfMetrics.discoveryUp, ({ problem }) => Number(problem === undefined))
  add(selfMetrics.discoveryTargets, ({ targets }) => targets)
  add(selfMetrics.discoverySkipped, ({ skipped }) => skipped)
  add(selfMetrics.discoveryTimestamp, ({ lastSuccess }) => lastSuccess && lastSuccess.getTime() / 1000)
}
