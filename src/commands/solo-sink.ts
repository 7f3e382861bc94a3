import { basename, join } from 'node:path'
import type { AlertSink } from '../alerts/alert.ts'
import type { NotifierMetrics } from '../alerts/metrics.ts'
import { patientSink } from '../alerts/patient-sink.ts'
import { toNotification } from '../alerts/notification.ts'
import { stateChanges } from '../alerts/state-changes.ts'
import { readLogHistory } from '../channels/log-history.ts'
import { openLogChannel, type LogChannelOptions } from '../channels/log.ts'
import type { Clock } from '../lib/clock.ts'
import { codeOf } from '../lib/errors.ts'
import type { Logger } from '../lib/logger.ts'
import { systemTimers } from '../lib/timers.ts'
import { startDelivery, type DeliveryOptions } from './delivery.ts'

export interface SoloSinkOptions extends Pick<
  DeliveryOptions,
  'notify' | 'storagePath' | 'keeping' | 'stalled'
> {
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
  const { storagePath, metrics, keeping, clock, stdout } = options
  const { logFile: path = join(storagePath, 'alerts.log') } = options
  const alertsLog = await openLogChannel({ path, stdout, clock, report: keeping.file(basename(path)) })
  try {
    const stopped = new AbortController()
    const channel = metrics.counted(alertsLog)
    const logSink = patientSink({
      sink: stateChanges({
        deliver: (alert) => channel.deliver(toNotification(alert), stopped.signal),
        history: await readLogHistory(path),
      }),
      timers: systemTimers,
    })
    const delivery = await startDelivery({ ...options, withoutAlertmanager: true })
    let stopping: Promise<void> | undefined
    return {
      async accept(alerts) {
        await Promise.all([logSink(alerts), delivery.accept(alerts).catch(unlessTold)])
      },
      async reload() {
        await alertsLog.reopen()
        await delivery.reload()
      },
      stop() {
        stopping ??= delivery.stop().then(() => {
          stopped.abort()
          return alertsLog.close().catch(() => undefined)
        })
        return stopping
      },
    }
  } catch (error) {
    await alertsLog.close()
    throw error
  }
}

/** What cannot be kept has been told all the same, and there is nobody who could send it again. */
function unlessTold(error: unknown): void {
  if (codeOf(error) !== 'STATE_UNWRITABLE') throw error
}
