import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, Gauge, type Registry } from 'prom-client'
import type { ReloadStatus } from '../config/store.ts'
import { createRegistry, definition } from '../metrics/registry.ts'
import { selfMetrics } from '../metrics/self.ts'
import type { Observation } from './shared-probes.ts'

/** What Probity says about itself on /metrics. */
export interface OwnMetrics {
  readonly registry: Registry
  readonly probeEnded: (observation: Observation) => void
}

/** Makes the metrics in their own registry. */
export function ownMetrics(reloadStatus: () => ReloadStatus): OwnMetrics {
  const registry = createRegistry(selfMetrics.buildInfo)
  const options = { registers: [registry] }
  const probes = new Counter({ ...definition(selfMetrics.probes), ...options })
  const retries = new Counter({ ...definition(selfMetrics.probeRetries), ...options })
  for (const metric of [selfMetrics.reloadSuccessful, selfMetrics.blackboxReloadSuccessful]) {
    new Gauge({
      ...definition(metric),
      ...options,
      collect() {
        this.set(Number(reloadStatus().successful))
      },
    })
  }
  new Gauge({
    ...definition(selfMetrics.reloadTimestamp),
    ...options,
    collect() {
      this.set(reloadStatus().lastSuccess.getTime() / 1000)
    },
  })
  measureEventLoop(registry)
  return {
    registry,
    probeEnded({ target, result }) {
      const labels = { kind: target.check.kind, outcome: result.success ? 'success' : 'failure' }
      probes.inc(labels)
      if (result.retried) retries.inc(labels)
    },
  }
}

/** Milliseconds of the timer whose delay is measured; what is measured contains them. */
const resolution = 5

function measureEventLoop(registry: Registry): void {
  const delays = monitorEventLoopDelay({ resolution })
  delays.enable()
  new Gauge({
    ...definition(selfMetrics.eventLoopLag),
    registers: [registry],
    collect() {
      this.set(Math.max(0, delays.max / 1e9 - resolution / 1000))
      delays.reset()
    },
  })
}
