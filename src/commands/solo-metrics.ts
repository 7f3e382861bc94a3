import { Counter, type Registry } from 'prom-client'
import { selfMetrics } from '../metrics/self.ts'

/** What `probity solo` says of its scheduler on /metrics. */
export interface SoloMetrics {
  /** A check was left out. */
  readonly skipped: () => void
}

/** Adds the metrics to a registry. */
export function soloMetrics(registry: Registry): SoloMetrics {
  const { name, help } = selfMetrics.checksSkipped
  const skipped = new Counter({ name, help, registers: [registry] })
  return {
    skipped() {
      skipped.inc()
    },
  }
}
