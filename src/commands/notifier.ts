import { basename, dirname } from 'node:path'
import { Command } from 'commander'
import { notifierApp } from '../alerts/app.ts'
import { notifierMetrics } from '../alerts/metrics.ts'
import { toNotification } from '../alerts/notification.ts'
import { stateChanges } from '../alerts/state-changes.ts'
import { readLogHistory } from '../channels/log-history.ts'
import { openLogChannel, type LogChannelOptions } from '../channels/log.ts'
import { systemClock, type Clock } from '../lib/clock.ts'
import { createClosing } from '../lib/closing.ts'
import { messageOf } from '../lib/errors.ts'
import { createKeeping } from '../lib/keeping.ts'
import { listenHttp, type ListenAddress, type Listening } from '../lib/listen.ts'
import { createLogger, type Logger, type LogFormat, type LogLevel } from '../lib/logger.ts'
import { flag, listenAddressFlag, logFlags } from '../lib/options.ts'
import { runUntilSignal } from '../lib/signals.ts'
import { keepingMetric } from '../metrics/keeping.ts'
import { readOrCreateToken, readToken } from '../lib/token-file.ts'
import { startDelivery } from './delivery.ts'
import { notifyFileFlag } from './notify-file.ts'

export interface NotifierOptions {
  readonly listenAddress: ListenAddress
  /** Holds the bearer token that Alertmanager must send. Made, with a random token, where it is missing. */
  readonly bearerTokenFile: string
  /** The alerts log. Made where it is missing. */
  readonly logFile: string
  /** Default: there is the alerts log and no other channel. */
  readonly notify?: { readonly file: string; readonly optional: boolean }
  /** The folder of the state file and of the audit log. Default: that of the alerts log. */
  readonly storagePath?: string
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
  const { token, created } = await readOrCreateToken(bearerTokenFile)
  if (created)
    log.info({ file: bearerTokenFile }, 'made a bearer token: Alertmanager reads it as credentials_file')
  const closing = createClosing()
  const keeping = createKeeping({ log, now: clock.now })
  const stopped = new AbortController()
  let secret = token
  let stopping: Promise<void> | undefined
  try {
    const alertsLog = await openLogChannel({
      path: logFile,
      stdout,
      clock,
      report: keeping.file(basename(logFile)),
    })
    closing.push(() => alertsLog.close().catch(() => undefined))
    const metrics = notifierMetrics()
    keepingMetric(metrics.registry, keeping)
    const channel = metrics.counted(alertsLog)
    const logSink = stateChanges({
      deliver: (alert) => channel.deliver(toNotification(alert), stopped.signal),
      history: await readLogHistory(logFile),
    })
    const delivery = await startDelivery({
      storagePath,
      notify: options.notify,
      metrics,
      keeping,
      log,
      clock,
      env,
    })
    closing.push(() => delivery.stop())
    const app = notifierApp({
      token: () => secret,
      // Both are told of everything, and of all of it again where one of them could not keep it.
      async sink(alerts) {
        const outcomes = await Promise.allSettled([logSink(alerts), delivery.accept(alerts)])
        for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
      },
      pending: delivery.pending,
      undelivered: delivery.undelivered,
      log,
      registry: metrics.registry,
      ready: () => !stopping,
      keeping,
    })
    const server = await listenHttp(app, listenAddress)
    closing.push(async () => {
      await server.stop()
      stopped.abort()
    })
    log.info({ url: server.url, alertsLog: logFile }, 'notifier is listening')
    return {
      url: server.url,
      async reload() {
        secret = await readToken(bearerTokenFile)
        await alertsLog.reopen()
        await delivery.reload()
      },
      stop: () => (stopping ??= closing.close()),
    }
  } catch (error) {
    await closing.close()
    throw error
  }
}

/** `probity notifier`. */
export function notifierCommand(): Command {
  const command = new Command('notifier')
    .description(
      "Takes Alertmanager's notifications, appends every change of state to the alerts log and to stdout, and tells the channels of notify.yml that Alertmanager has no receiver for.",
    )
    .addOption(listenAddressFlag('127.0.0.1:9741'))
    .addOption(
      flag(
        '--web.bearer-token-file <path>',
        "file with the bearer token that Alertmanager's webhook must send; made if it is missing",
      ).default('./data/notifier-token'),
    )
    .addOption(
      flag('--alerts.log-file <path>', 'the alerts log; made if it is missing').default('./data/alerts.log'),
    )
    .addOption(notifyFileFlag())
    .addOption(
      flag('--storage.path <folder>', 'where the state and the audit log of commands are kept').default(
        undefined,
        'the folder of the alerts log',
      ),
    )
  for (const option of logFlags()) command.addOption(option)
  return command.action(async (flags: NotifierFlags) => {
    const optional = command.getOptionValueSource('notify.file') === 'default'
    const log = createLogger({ level: flags['log.level'], format: flags['log.format'] })
    // A reader of stdout that goes away must not end the process: the file is what counts.
    process.stdout.on('error', (error: unknown) => {
      log.warn(`stdout: ${messageOf(error)}`)
    })
    const notifier = await startNotifier(
      {
        listenAddress: flags['web.listenAddress'],
        bearerTokenFile: flags['web.bearerTokenFile'],
        logFile: flags['alerts.logFile'],
        notify: { file: flags['notify.file'], optional },
        ...(flags['storage.path'] !== undefined && { storagePath: flags['storage.path'] }),
      },
      { log, stdout: process.stdout },
    )
    await runUntilSignal(notifier, log, { SIGHUP: () => notifier.reload() })
  })
}

interface NotifierFlags {
  'web.listenAddress': ListenAddress
  'web.bearerTokenFile': string
  'alerts.logFile': string
  'notify.file': string
  'storage.path'?: string
  'log.level': LogLevel
  'log.format': LogFormat
}
