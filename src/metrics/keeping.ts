import { Gauge, type Registry } from 'prom-client'
import type { Keeping } from '../lib/io/keeping.ts'
import { definition } from './registry.ts'
import { selfMetrics } from './self.ts'

/** Adds to a registry which files can be written, and which could not be read. */
export function keepingMetric(registry: Registry, keeping: Keeping): void {
  new Gauge({
    ...definition(selfMetrics.stateKept),
    registers: [registry],
    collect() {
      const notKept = new Set(keeping.notKept().map(({ file }) => file))
      for (const file of keeping.files()) this.set({ file }, notKept.has(file) ? 0 : 1)
    },
  })
  new Gauge({
    ...definition(selfMetrics.stateDamaged),
    registers: [registry],
    collect() {
      for (const { file } of keeping.damaged()) this.set({ file }, 1)
    },
  })
}

/** Adds to a registry when the last run crashed, if it did. */
export function lastCrashMetric(registry: Registry, at: Date | undefined): void {
  const gauge = new Gauge({ ...definition(selfMetrics.lastCrash), registers: [registry] })
  if (at) gauge.set(at.getTime() / 1000)
  else gauge.remove()
}
