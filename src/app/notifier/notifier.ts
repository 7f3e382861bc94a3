import { dirname } from 'node:path'
import { notifierApp } from '../../alerts/receiver/app.ts'
import { notifierMetrics } from '../../alerts/delivery/metrics.ts'
import { type LogChannelOptions } from '../../channels/log/log.ts'
import { systemClock, type Clock } from '../../lib/time/clock.ts'
import { createKeeping } from '../../lib/io/keeping.ts'
import { keepingMetric, lastCrashMetric } from '../../metrics/keeping.ts'
import { createClosing } from '../../lib/io/closing.ts'
import { listenHttp, type ListenAddress, type Listening } from '../../lib/http/listen.ts'
import type { Logger } from '../../lib/logger.ts'
import { readToken } from '../../lib/io/token-file.ts'
import { failingTargets, withAlsoFailing } from '../../alerts/evidence/also-failing.ts'
import { askExporter } from '../../alerts/evidence/ask-exporter.ts'
import type { Places } from '../../alerts/evidence/links.ts'
import { askAlertmanager } from '../../alerts/receiver/ask-alertmanager.ts'
import { askEveryMs, watchMissedEnds, type MissedEndsOptions } from '../../alerts/receiver/missed-ends.ts'
import { silencedAlerts } from '../../alerts/receiver/silenced.ts'
import { unreportedAlerts, type UnreportedOptions } from '../../alerts/receiver/unreported.ts'
import { systemTimers } from '../../lib/time/timers.ts'
import { startAlertSink } from '../alert-sink.ts'
import { adviseLinks } from '../notify/advise-links.ts'
import { reloadAll } from '../../settings/reload/reload-all.ts'
import { openAccess, type AccessPlaces } from '../access.ts'
import { mailOfExporter } from '../report/sending/make-mail.ts'
import { startReportsOf } from '../report/sending/start.ts'
import { reportRuns } from './report-runs.ts'
import { askLinks } from '../silences/ask-links.ts'
import { openNotifierToken } from './token.ts'

export interface NotifierOptions extends Places, Omit<AccessPlaces, 'externalUrl'> {
  readonly listenAddress: ListenAddress
  /** Holds the bearer token that Alertmanager must send. Made, with a random token, where it is missing. */
  readonly bearerTokenFile: string
  /** The alerts log. Made where it is missing. */
  readonly logFile: string
  /** Default: there is the alerts log and no other channel. */
  readonly notify?: { readonly file: string; readonly optional: boolean }
  /** The folder of the state file and of the audit log. Default: that of the alerts log. */
  readonly storagePath?: string
  /** What is asked for the messages of failed checks. Default: nobody, so that messages have the reason alone. */
  readonly exporterUrl?: URL
  /** The file of a token that the exporter wants, read for every question. Default: it wants none. */
  readonly exporterTokenFile?: string
  /** Whether channels are delivered here, too, that Alertmanager could deliver. Default false. */
  readonly allChannels?: boolean
  /** Which Alertmanager is asked for the ends that it has not sent. Default: none. */
  readonly alertmanager?: AlertmanagerToAsk
  /** When the last run crashed. Default: it did not. */
  readonly lastCrash?: Date | undefined
}

export interface AlertmanagerToAsk
  extends Pick<MissedEndsOptions, 'everyMs'>, Pick<UnreportedOptions, 'graceMs'> {
  readonly url: URL
}

export interface NotifierDependencies {
  readonly log: Logger
  /** Default: the machine's. */
  readonly clock?: Clock
  /** What `${NAME}` in notify.yml is read from, and what command channels find. Default: this process's. */
  readonly env?: NodeJS.ProcessEnv
  /** Gets a copy of every line of the alerts log. */
  readonly stdout: LogChannelOptions['stdout']
}

/** A running notifier. */
export interface Notifier extends Listening {
  /** Reads notify.yml and the bearer token again, and creates the alerts log again if it was moved away. */
  readonly reload: () => Promise<void>
}

/** Milliseconds for requests in flight: Alertmanager sends again what has no answer. */
const drainMs = 2000

/**
 * Starts a notifier.
 *
 * @throws ProbityError When the token file or the alerts log cannot be used, or the address cannot be bound.
 */
export async function startNotifier(
  options: NotifierOptions,
  dependencies: NotifierDependencies,
): Promise<Notifier> {
  const { log, clock = systemClock, env = process.env, stdout } = dependencies
  const { bearerTokenFile, logFile, listenAddress, storagePath = dirname(logFile) } = options
  const secret = await openNotifierToken(bearerTokenFile, log)
  const closing = createClosing()
  closing.push(secret.stop)
  const keeping = createKeeping({ log, now: clock.now })
  let stopping: Promise<void> | undefined
  try {
    const metrics = notifierMetrics()
    keepingMetric(metrics.registry, keeping)
    lastCrashMetric(metrics.registry, options.lastCrash)
    // The external URL is that of the exporter's pages.
    const { externalUrl, ...places } = options
    const access = await openAccess(
      {
        ...places,
        allowedHosts: [...(options.allowedHosts ?? []), ...(externalUrl ? [externalUrl.hostname] : [])],
        registry: metrics.registry,
      },
      { env, clock, log },
    )
    closing.push(access.stop)
    const { notify, allChannels, exporterUrl, exporterTokenFile: tokenFile, alertmanager } = options
    const token = tokenFile === undefined ? {} : { token: () => readToken(tokenFile) }
    adviseLinks(options, log)
    const failing = failingTargets()
    const asked = exporterUrl ? askExporter({ url: exporterUrl, ...token, log }) : undefined
    const reports = exporterUrl && reportRuns({ url: exporterUrl, ...token, timers: systemTimers, log })
    closing.push(() => reports?.stop() ?? Promise.resolve())
    const linked =
      exporterUrl && externalUrl ? askLinks({ url: exporterUrl, ...token, externalUrl, log }) : undefined
    const unreported = unreportedAlerts(alertmanager)
    const silenced = silencedAlerts({ clock, everyMs: alertmanager?.everyMs ?? askEveryMs })
    const sink = await startAlertSink({
      storagePath,
      logFile,
      notify,
      ...(allChannels !== undefined && { allChannels }),
      metrics,
      places: options,
      async evidence(alerts) {
        failing.hear(alerts)
        const others = failing.names()
        const known = alerts.map((alert) => withAlsoFailing(alert, others))
        const [seen, link] = await Promise.all([asked ? asked(known) : known, linked?.(known)])
        return link ? seen.map(link) : seen
      },
      ran: reports?.add,
      isInDoubt: unreported.isInDoubt,
      mutedUntil: silenced.mutedUntil,
      keeping,
      log,
      clock,
      env,
      stdout,
    })
    closing.push(() => sink.stop())
    const makeMail = mailOfExporter(exporterUrl && { url: exporterUrl, ...token })
    closing.push(
      startReportsOf(sink.reporting, makeMail, { externalUrl, env, clock, timers: systemTimers, log }),
    )
    unreported.hear(sink.firing)
    if (alertmanager) {
      const ask = askAlertmanager({ ...alertmanager, log })
      const heard: MissedEndsOptions['heard'] = (known) => {
        if (silenced.hear(known)) sink.lookAgain()
      }
      const asking = { ...alertmanager, unreported, ask, sink: sink.accept, clock, timers: systemTimers, log }
      closing.push(watchMissedEnds({ ...asking, heard }))
    }
    const app = notifierApp({
      token: secret.current,
      async sink(alerts) {
        unreported.hear(alerts)
        await sink.accept(alerts)
      },
      receive: () => sink.peering?.receive,
      isKnown: (request) => access.isKnownTo(request, 'peer'),
      pending: sink.pending,
      undelivered: sink.undelivered,
      log,
      registry: metrics.registry,
      ready: () => !stopping,
      guard: access.guard,
      keeping,
    })
    const server = await listenHttp(access.door(app), listenAddress, drainMs, undefined, access.tls)
    closing.push(() => server.stop())
    const url = server.url + (options.routePrefix ?? '')
    log.info({ url, alertsLog: logFile }, 'notifier is listening')
    return {
      url,
      reload: () => reloadAll(secret.reload, sink.reload, access.reload),
      stop: () => (stopping ??= closing.close()),
    }
  } catch (error) {
    await closing.close()
    throw error
  }
}
