import { basename } from 'node:path'
import type { Alert, AlertSink } from '../alerts/alert.ts'
import { withLinks, type Places } from '../alerts/evidence/links.ts'
import type { NotifierMetrics } from '../alerts/delivery/metrics.ts'
import { toNotification } from '../alerts/delivery/notification.ts'
import { patientSink } from '../alerts/delivery/patient-sink.ts'
import { sameAlerts } from '../alerts/receiver/same-alerts.ts'
import { stateChanges } from '../alerts/receiver/state-changes.ts'
import { firingIn, readLogHistory } from '../channels/log/history.ts'
import { openLogChannel, type LogChannelOptions } from '../channels/log/log.ts'
import { codeOf } from '../lib/errors.ts'
import { systemTimers } from '../lib/time/timers.ts'
import { reloadAll } from '../settings/reload/reload-all.ts'
import { startDelivery, type ChannelDelivery, type DeliveryOptions } from './delivery.ts'

export interface AlertSinkOptions extends DeliveryOptions {
  /** The alerts log. Made where it is missing. */
  readonly logFile: string
  readonly metrics: NotifierMetrics
  /** Gets a copy of every line of the alerts log. */
  readonly stdout: LogChannelOptions['stdout']
  /** Where messages link to. Default: to nothing of Probity's. */
  readonly places?: Places
  /** Adds what else an alert links to. Default: nothing. */
  readonly withActions?: (alert: Alert) => Alert
  /** What the alerts do not say themselves yet; takes no longer than a message may wait. Default: nothing. */
  readonly evidence?: (alerts: readonly Alert[]) => Alert[] | Promise<Alert[]>
}

/** Where alerts go, in the notifier and in solo alike: the alerts log, and every channel of notify.yml. */
export interface RunningAlertSink extends Pick<
  ChannelDelivery,
  'pending' | 'undelivered' | 'notified' | 'config' | 'lookAgain' | 'peering' | 'reporting'
> {
  readonly accept: AlertSink
  /** What was firing when the last process ended. */
  readonly firing: readonly Alert[]
  /** Reads notify.yml again, and creates the alerts log again if it was moved away. */
  readonly reload: () => Promise<void>
  /** Lets deliveries finish. Safe to call twice. */
  readonly stop: () => Promise<void>
}

/**
 * Opens the alerts log and starts to deliver.
 *
 * @throws ProbityError When a file cannot be used, or notify.yml is invalid.
 */
export async function startAlertSink(options: AlertSinkOptions): Promise<RunningAlertSink> {
  const { logFile, metrics, keeping, clock, stdout, withoutAlertmanager, places = {} } = options
  const { evidence = unchanged, withActions = (alert: Alert) => alert } = options
  const report = keeping.file(basename(logFile))
  const alertsLog = await openLogChannel({ path: logFile, stdout, clock, report })
  try {
    const stopped = new AbortController()
    const channel = metrics.counted(alertsLog)
    const history = await readLogHistory(logFile)
    const log = stateChanges({
      deliver: (alert) => channel.deliver(toNotification(alert), stopped.signal),
      history,
    })
    // What solo decides is one alert from the beginning.
    const one = withoutAlertmanager ? unchanged : sameAlerts({ history })
    const delivery = await startDelivery(options)
    const sink = withoutAlertmanager
      ? patient(patientSink({ sink: log, timers: systemTimers }), delivery.accept)
      : strict(log, delivery.accept)
    const stop = async (): Promise<void> => {
      await delivery.stop()
      stopped.abort()
      await alertsLog.close().catch(() => undefined)
    }
    let stopping: Promise<void> | undefined
    return {
      pending: delivery.pending,
      undelivered: delivery.undelivered,
      notified: delivery.notified,
      config: delivery.config,
      reporting: delivery.reporting,
      lookAgain: delivery.lookAgain,
      ...(delivery.peering && { peering: delivery.peering }),
      firing: [...firingIn(history), ...delivery.firing()],
      accept: inOrder(evidence, (alerts) =>
        sink(one(alerts).map((alert) => withActions(withLinks(alert, places)))),
      ),
      reload: () => reloadAll(alertsLog.reopen, delivery.reload),
      stop: () => (stopping ??= stop()),
    }
  } catch (error) {
    await alertsLog.close()
    throw error
  }
}

function unchanged(alerts: readonly Alert[]): Alert[] {
  return [...alerts]
}

/** Passes alerts on in the order in which they came, whatever takes how long: an end must not overtake its beginning. */
function inOrder(evidence: NonNullable<AlertSinkOptions['evidence']>, sink: AlertSink): AlertSink {
  let last: Promise<unknown> = Promise.resolve()
  return async (alerts) => {
    const known = Promise.resolve(evidence(alerts))
    const turn = last.then(() => known)
    last = turn.catch(() => undefined)
    await sink(await turn)
  }
}

/** Alertmanager sends everything again where one of them could not keep it. */
function strict(...sinks: readonly AlertSink[]): AlertSink {
  return async (alerts) => {
    const outcomes = await Promise.allSettled(sinks.map((sink) => sink(alerts)))
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  }
}

/** Nobody sends anything again: what cannot be stored has been sent anyway. */
function patient(log: AlertSink, deliver: AlertSink): AlertSink {
  return async (alerts) => {
    const delivered = deliver(alerts).catch((error: unknown) => {
      if (codeOf(error) !== 'STATE_UNWRITABLE') throw error
    })
    await Promise.all([log(alerts), delivered])
  }
}
