import { join } from 'node:path'
import type { AlertSink } from '../../alerts/alert.ts'
import type { NotifierMetrics } from '../../alerts/delivery/metrics.ts'
import { toNotification } from '../../alerts/delivery/notification.ts'
import { stateChanges } from '../../alerts/receiver/state-changes.ts'
import { readLogHistory } from '../../channels/log/history.ts'
import { openLogChannel, type LogChannelOptions } from '../../channels/log/log.ts'
import type { Clock } from '../../lib/time/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { startDelivery, type DeliveryOptions } from '../delivery.ts'

export interface SoloSinkOptions extends Pick<DeliveryOptions, 'notify' | 'storagePath'> {
  /** The alerts log. Default: in the storage folder. */
  readonly logFile?: string
  readonly metrics: NotifierMetrics
  readonly log: Logger
  readonly clock: Clock
  readonly env: NodeJS.ProcessEnv
  /** Gets a copy of every line of the alerts log. */
  readonly stdout: LogChannelOptions['stdout']
}

/** Where the alerts of `probity solo` go: the alerts log, and every channel of notify.yml. */
export interface SoloSink {
  readonly accept: AlertSink
  /** Reads notify.yml again, and creates the alerts log again if it was moved away. */
  readonly reload: () => Promise<void>
  /** Lets deliveries finish. Safe to call twice. */
  readonly stop: () => Promise<void>
}

/** Opens the alerts log and starts to deliver. */
export async function startSoloSink(options: SoloSinkOptions): Promise<SoloSink> {
  const { storagePath, metrics, clock, stdout, logFile: path = join(storagePath, 'alerts.log') } = options
  const alertsLog = await openLogChannel({ path, stdout, clock })
  try {
    const stopped = new AbortController()
    const channel = metrics.counted(alertsLog)
    const logSink = stateChanges({
      deliver: (alert) => channel.deliver(toNotification(alert), stopped.signal),
      history: await readLogHistory(path),
    })
    const delivery = await startDelivery({ ...options, withoutAlertmanager: true })
    let stopping: Promise<void> | undefined
    return {
      // Both are told of everything, and of all of it again where one of them could not take it.
      async accept(alerts) {
        const outcomes = await Promise.allSettled([logSink(alerts), delivery.accept(alerts)])
        for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
      },
      async reload() {
        await alertsLog.reopen()
        await delivery.reload()
      },
      stop() {
        stopping ??= delivery.stop().then(() => {
          stopped.abort()
          return alertsLog.close()
        })
        return stopping
      },
    }
  } catch (error) {
    await alertsLog.close()
    throw error
  }
}
