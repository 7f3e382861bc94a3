import { Counter, Histogram, type Registry } from 'prom-client'
import { selfMetrics } from '../../metrics/self.ts'
import type { SchedulerOptions } from '../../scheduler/scheduler.ts'

/** What `probity solo` says about its scheduler on /metrics. */
export interface SoloMetrics {
  /** A check was left out. */
  readonly skipped: () => void
  readonly began: NonNullable<SchedulerOptions['onBegin']>
}

/** Seconds. */
const buckets = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

/** Adds the metrics to a registry. */
export function soloMetrics(registry: Registry): SoloMetrics {
  const registers = [registry]
  const { checksSkipped, checkDelay } = selfMetrics
  const skipped = new Counter({ name: checksSkipped.name, help: checksSkipped.help, registers })
  const delay = new Histogram({ name: checkDelay.name, help: checkDelay.help, buckets, registers })
  return {
    skipped() {
      skipped.inc()
    },
    began(_target, lateMs) {
      delay.observe(lateMs / 1000)
    },
  }
}
