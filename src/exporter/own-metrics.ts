import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, Gauge, type Registry } from 'prom-client'
import type { Config } from '../config/config.ts'
import type { ReloadStatus } from '../config/store.ts'
import type { Target } from '../config/target/target.ts'
import { createRegistry, definition } from '../metrics/registry.ts'
import { selfMetrics } from '../metrics/self.ts'
import type { Observation } from './shared-probes.ts'

/** What Probity says about itself on /metrics. */
export interface OwnMetrics {
  readonly registry: Registry
  readonly probeStarted: () => void
  readonly probeEnded: (observation: Observation) => void
  /** To be called with every configuration that comes into force. */
  readonly configChanged: (config: Config) => void
}

/** Makes the metrics in their own registry. */
export function ownMetrics(reloadStatus: () => ReloadStatus): OwnMetrics {
  const registry = createRegistry()
  const options = { registers: [registry] }
  const probes = new Counter({ ...definition(selfMetrics.probes), ...options })
  const inFlight = new Gauge({ ...definition(selfMetrics.probesInFlight), ...options })
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
    probeStarted() {
      inFlight.inc()
    },
    probeEnded({ target, result }) {
      inFlight.dec()
      probes.inc({ kind: target.check.kind, outcome: result.success ? 'success' : 'failure' })
    },
    configChanged(config) {
      replaceTargetInfo(registry, infoOf(config))
    },
  }
}

function measureEventLoop(registry: Registry): void {
  const delays = monitorEventLoopDelay({ resolution: 10 })
  delays.enable()
  new Gauge({
    ...definition(selfMetrics.eventLoopLag),
    registers: [registry],
    collect() {
      this.set(Math.max(0, delays.max) / 1e9)
      delays.reset()
    },
  })
}

type TargetInfo = Pick<Target, 'name' | 'labels' | 'runbook'> & { readonly kind: string }

/** Every configured target, those that are judged on calls only as well. */
function infoOf({ targets, callTargets }: Config): TargetInfo[] {
  return [
    ...targets.map((target) => ({ ...target, kind: target.check.kind })),
    ...callTargets.filter(({ probed }) => !probed).map((target) => ({ ...target, kind: 'calls' })),
  ]
}

/** Labels differ from configuration to configuration, and prom-client fixes them when a gauge is made. */
function replaceTargetInfo(registry: Registry, targets: readonly TargetInfo[]): void {
  const { name, help, labels } = selfMetrics.targetInfo
  registry.removeSingleMetric(name)
  const labelNames = [...new Set([...labels, ...targets.flatMap((target) => Object.keys(target.labels))])]
  const info = new Gauge({ name, help, labelNames, registers: [registry] })
  for (const target of targets) {
    const runbook = target.runbook === undefined ? {} : { runbook: target.runbook }
    info.set({ ...target.labels, target: target.name, kind: target.kind, ...runbook }, 1)
  }
}
