import { Counter, type Registry } from 'prom-client'
import { definition } from '../metrics/registry.ts'
import { selfMetrics } from '../metrics/self.ts'

/** What `probity solo` says of its scheduler on /metrics. */
export interface SoloMetrics {
  /** A check was left out. */
  readonly skipped: () => void
}

/** Adds the metrics to a registry. */
export function soloMetrics(registry: Registry): SoloMetrics {
  const skipped = new Counter({ ...definition(selfMetrics.checksSkipped), registers: [registry] })
  return {
    skipped() {
      skipped.inc()
    },
  }
}
