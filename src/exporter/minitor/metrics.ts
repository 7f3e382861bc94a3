import { Counter, Gauge, type Registry } from 'prom-client'
import { builtInLog, type MinitorFile, type Monitor } from '../../foreign/minitor/minitor.ts'
import { translate } from '../../foreign/minitor/translate.ts'
import { minitorMetricRows } from '../../metrics/minitor.ts'
import { definition } from '../../metrics/registry.ts'
import type { ProbeResult } from '../../checks/result.ts'
import { afterCheck, noFailures, type Failures } from './cadence.ts'

/** A notification that has arrived. */
export interface Told {
  readonly channel: string
  readonly target: string
  readonly status: 'firing' | 'resolved'
}

/** Counts what Minitor counted. */
export interface MinitorMetrics {
  /** To be called with the file, and again when it has changed. */
  readonly fileChanged: (file: MinitorFile) => void
  readonly checked: (monitor: string, result: ProbeResult) => void
  readonly told: (told: Told) => void
}

/** Adds the metrics of Minitor to a registry. */
export function minitorMetrics(registry: Registry): MinitorMetrics {
  const { checks, alerts, up, duration } = minitorMetricRows
  const registers = [registry]
  const checkTotal = new Counter({ ...definition(checks), registers })
  const alertTotal = new Counter({ ...definition(alerts), registers })
  const upCount = new Gauge({ ...definition(up), registers })
  const milliseconds = new Gauge({ ...definition(duration), registers })
  const states = new Map<string, Failures>()
  let monitors = new Map<string, Monitor>()
  let channels = new Map<string, { readonly alert: string; readonly when?: 'firing' | 'resolved' }>()
  let logIsBuiltIn = true

  function forget(monitor: string): void {
    states.delete(monitor)
    upCount.remove({ monitor })
    for (const status of ['success', 'failure']) milliseconds.remove({ monitor, status })
  }

  return {
    fileChanged(file) {
      monitors = new Map(file.monitors.map((monitor) => [monitor.name, monitor]))
      channels = new Map(translate(file).channels.map((channel) => [channel.channel, channel]))
      logIsBuiltIn = !file.alerts.has(builtInLog)
      for (const name of states.keys()) if (!monitors.has(name)) forget(name)
    },
    checked(name, { success, failure, durationSeconds }) {
      const monitor = monitors.get(name)
      // A check that was given up when the process ends has learnt nothing.
      if (!monitor || failure?.reason === 'internal') return
      const status = success ? 'success' : 'failure'
      const { failures, isAlert } = afterCheck(monitor, states.get(name) ?? noFailures, success)
      states.set(name, failures)
      checkTotal.inc({ monitor: name, status, is_alert: String(isAlert) })
      milliseconds.set({ monitor: name, status }, Math.round(durationSeconds * 1000))
      upCount.set({ monitor: name }, Number(failures.alerts === 0))
      const named = success ? monitor.up : monitor.down
      if (isAlert && logIsBuiltIn && named.includes(builtInLog))
        alertTotal.inc({ alert: builtInLog, monitor: name })
    },
    told({ channel, target, status }) {
      const known = channels.get(channel)
      if (known === undefined || (known.when ?? status) !== status) return
      alertTotal.inc({ alert: known.alert, monitor: target })
    },
  }
}
