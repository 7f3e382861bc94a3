import { Gauge, type Registry } from 'prom-client'
import type { Keeping } from '../lib/io/keeping.ts'
import { definition } from './registry.ts'
import { selfMetrics } from './self.ts'

/** Adds to a registry which files can be written. */
export function keepingMetric(registry: Registry, keeping: Keeping): void {
  new Gauge({
    ...definition(selfMetrics.stateKept),
    registers: [registry],
    collect() {
      const notKept = new Set(keeping.notKept().map(({ file }) => file))
      for (const file of keeping.files()) this.set({ file }, notKept.has(file) ? 0 : 1)
    },
  })
}
