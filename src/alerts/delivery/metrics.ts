import { Counter, type Registry } from 'prom-client'
import type { Channel } from '../../channels/channel.ts'
import { createRegistry, definition } from '../../metrics/registry.ts'
import { selfMetrics } from '../../metrics/self.ts'
import type { DeliveryEvents } from './delivery.ts'

/** What the notifier says about itself on /metrics. */
export interface NotifierMetrics {
  readonly registry: Registry
  /** The same channel, its deliveries counted. */
  readonly counted: <C extends Channel>(channel: C) => C
  /** Shows a channel that has not delivered anything yet. */
  readonly known: (channel: string) => void
  readonly events: DeliveryEvents
}

/** Makes the metrics of a notifier in their own registry, with those of its process. */
export function notifierMetrics(): NotifierMetrics {
  return deliveryMetrics(createRegistry(selfMetrics.notifierBuildInfo))
}

/** Adds the metrics of delivery to a registry. */
export function deliveryMetrics(registry: Registry): NotifierMetrics {
  const registers = [registry]
  const notifications = new Counter({ ...definition(selfMetrics.notifications), registers })
  const retries = new Counter({ ...definition(selfMetrics.notificationRetries), registers })
  const repeated = new Counter({ ...definition(selfMetrics.notificationsRepeated), registers })
  // A counter that first appears as 1 has not increased: the first failure would alert nobody.
  const known = (channel: string): void => {
    for (const result of ['delivered', 'failed']) notifications.inc({ channel, result }, 0)
    for (const counter of [retries, repeated]) counter.inc({ channel }, 0)
  }
  return {
    registry,
    known,
    events: {
      delivered: ({ channel }) => {
        notifications.inc({ channel, result: 'delivered' })
      },
      gaveUp: ({ channel }) => {
        notifications.inc({ channel, result: 'failed' })
      },
      retried: (channel) => {
        retries.inc({ channel })
      },
      repeated: (channel) => {
        repeated.inc({ channel })
      },
    },
    counted(channel) {
      const delivered = { channel: channel.name, result: 'delivered' }
      const failed = { channel: channel.name, result: 'failed' }
      known(channel.name)
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
