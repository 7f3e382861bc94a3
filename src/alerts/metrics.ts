import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import type { Channel } from '../channels/channel.ts'
import { version } from '../lib/version.ts'
import type { Metric } from '../metrics/metric.ts'
import { selfMetrics } from '../metrics/self.ts'

/** What the notifier says of itself on /metrics. */
export interface NotifierMetrics {
  readonly registry: Registry
  /** The same channel, its deliveries counted. */
  readonly counted: <C extends Channel>(channel: C) => C
}

/** Makes the metrics in a registry of their own. */
export function notifierMetrics(): NotifierMetrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  new Gauge({ ...definition(selfMetrics.buildInfo), registers }).set(
    { version, node_version: process.versions.node },
    1,
  )
  const notifications = new Counter({ ...definition(selfMetrics.notifications), registers })
  return {
    registry,
    counted(channel) {
      const delivered = { channel: channel.name, result: 'delivered' }
      const failed = { channel: channel.name, result: 'failed' }
      // A counter that first appears as 1 has not increased: the first failure would alert nobody.
      for (const labels of [delivered, failed]) notifications.inc(labels, 0)
      return {
        ...channel,
        async deliver(notification, signal) {
          try {
            await channel.deliver(notification, signal)
          } catch (error) {
            notifications.inc(failed)
            throw error
          }
          notifications.inc(delivered)
        },
      }
    },
  }
}

function definition({ name, help, labels }: Metric): { name: string; help: string; labelNames: string[] } {
  return { name, help, labelNames: [...labels] }
}
