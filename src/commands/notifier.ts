import { Command } from 'commander'
import { notifierApp } from '../alerts/app.ts'
import { notifierMetrics } from '../alerts/metrics.ts'
import { toNotification } from '../alerts/notification.ts'
import { stateChanges } from '../alerts/state-changes.ts'
import { readLogHistory } from '../channels/log-history.ts'
import { openLogChannel, type LogChannelOptions } from '../channels/log.ts'
import { systemClock, type Clock } from '../lib/clock.ts'
import { messageOf } from '../lib/errors.ts'
import { listenHttp, type ListenAddress, type Listening } from '../lib/listen.ts'
import { createLogger, type Logger, type LogFormat, type LogLevel } from '../lib/logger.ts'
import { flag, listenAddressFlag, logFlags } from '../lib/options.ts'
import { runUntilSignal } from '../lib/signals.ts'
import { readOrCreateToken, readToken } from '../lib/token-file.ts'

export interface NotifierOptions {
  readonly listenAddress: ListenAddress
  /** Holds the bearer token that Alertmanager must send. Made, with a random token, where it is missing. */
  readonly bearerTokenFile: string
  /** The alerts log. Made where it is missing. */
  readonly logFile: string
}

export interface NotifierDependencies {
  readonly log: Logger
  /** Default: the machine's. */
  readonly clock?: Clock
  /** Gets a copy of every line of the alerts log. */
  readonly stdout: LogChannelOptions['stdout']
}

/** A running notifier. */
export interface Notifier extends Listening {
  /** Reads the bearer token again and creates the alerts log again if it was moved away. */
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
  const { log, clock = systemClock, stdout } = dependencies
  const { bearerTokenFile, logFile, listenAddress } = options
  const { token, created } = await readOrCreateToken(bearerTokenFile)
  if (created)
    log.info({ file: bearerTokenFile }, 'made a bearer token: Alertmanager reads it as credentials_file')
  const alertsLog = await openLogChannel({ path: logFile, stdout, clock })
  const metrics = notifierMetrics()
  const channel = metrics.counted(alertsLog)
  const stopped = new AbortController()
  let secret = token
  let stopping: Promise<void> | undefined
  let server: Listening
  try {
    const sink = stateChanges({
      deliver: (alert) => channel.deliver(toNotification(alert), stopped.signal),
      history: await readLogHistory(logFile),
    })
    const ready = (): boolean => !stopping
    const app = notifierApp({ token: () => secret, sink, log, registry: metrics.registry, ready })
    server = await listenHttp(app, listenAddress)
  } catch (error) {
    await alertsLog.close()
    throw error
  }
  async function stop(): Promise<void> {
    await server.stop()
    stopped.abort()
    await alertsLog.close()
  }
  log.info({ url: server.url, alertsLog: logFile }, 'notifier is listening')
  return {
    url: server.url,
    async reload() {
      secret = await readToken(bearerTokenFile)
      await alertsLog.reopen()
    },
    stop: () => (stopping ??= stop()),
  }
}

/** `probity notifier`. */
export function notifierCommand(): Command {
  const command = new Command('notifier')
    .description(
      "Takes Alertmanager's notifications and appends every change of state to the alerts log and to stdout.",
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
  for (const option of logFlags()) command.addOption(option)
  return command.action(async (flags: NotifierFlags) => {
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
  'log.level': LogLevel
  'log.format': LogFormat
}
