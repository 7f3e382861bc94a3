import { join } from 'node:path'
import { Command } from 'commander'
import { startAlerting, type Alerting } from '../alerts/evaluator/alerting.ts'
import { startCallsAlerting } from '../alerts/evaluator/calls-alerting.ts'
import type { Health } from '../alerts/evaluator/watched-target.ts'
import { deliveryMetrics } from '../alerts/metrics.ts'
import type { LogChannelOptions } from '../channels/log.ts'
import type { Target } from '../config/target.ts'
import type { Observation } from '../exporter/shared-probes.ts'
import { systemClock, type Clock } from '../lib/clock.ts'
import { createClosing } from '../lib/closing.ts'
import { messageOf } from '../lib/errors.ts'
import { createKeeping } from '../lib/keeping.ts'
import type { ListenAddress, Listening } from '../lib/listen.ts'
import {
  createLogger,
  logFormats,
  logLevels,
  type Logger,
  type LogFormat,
  type LogLevel,
} from '../lib/logger.ts'
import { flag, listenAddressFlag } from '../lib/options.ts'
import { runUntilSignal } from '../lib/signals.ts'
import { stateFile, type StateFile } from '../lib/state-file.ts'
import { systemTimers, type Timers } from '../lib/timers.ts'
import { Scheduler } from '../scheduler/scheduler.ts'
import { callsAddress, callsAddressFlag } from './calls-receiver.ts'
import { configFileFlags, remoteAccess, type ConfigFileFlags } from './config-file.ts'
import { startExporter, type Exporter, type ExporterOptions } from './start-exporter.ts'
import { historyPlace, retentionFlags, retentionOf, type HistoryFlags } from './history.ts'
import { notifyFileFlag } from './notify-file.ts'
import { soloMetrics } from './solo-metrics.ts'
import { openMinitor, type SoloMinitor } from './solo-minitor.ts'
import { startSoloSink } from './solo-sink.ts'
import { loggedChanges, printedAlerts, printedChanges, type StateReporter } from './solo-terminal.ts'
import { watchTable } from './solo-watch.ts'

export interface SoloOptions extends Omit<ExporterOptions, 'externalUrl'> {
  /** The folder of the state files and, unless it is named, of the alerts log. */
  readonly storagePath: string
  readonly alertsLogFile?: string
  /** Default: there is the alerts log and no other channel. */
  readonly notify?: { readonly file: string; readonly optional: boolean }
}

export interface SoloDependencies {
  readonly log: Logger
  /** Default: the machine's. */
  readonly clock?: Clock
  /** Default: the machine's. */
  readonly timers?: Timers
  /** What `${NAME}` is read from, and what commands find. Default: this process's. */
  readonly env?: NodeJS.ProcessEnv
  /** Gets a copy of every line of the alerts log. */
  readonly stdout: LogChannelOptions['stdout']
  /** Told of every check. Default: changes of state are logged. */
  readonly reporter?: StateReporter
}

/** Probity at work without Prometheus. */
export interface Solo extends Listening {
  /** Reads both configurations again; throws what is wrong with them. */
  readonly reload: () => Promise<void>
  readonly targets: () => readonly Target[]
  readonly last: (target: Target) => Observation | undefined
  readonly health: (target: Target) => Health
}

/**
 * Starts everything in one process: what Prometheus, its rules and Alertmanager do in the stack is done by a scheduler, an
 * evaluator and the notifier, beside the same exporter.
 *
 * @throws ProbityError When a configuration is invalid, a file cannot be used, or the address cannot be bound.
 */
export async function startSolo(options: SoloOptions, dependencies: SoloDependencies): Promise<Solo> {
  const { log, clock = systemClock, timers = systemTimers, env = process.env, stdout } = dependencies
  const { reporter = loggedChanges(log) } = dependencies
  const { storagePath, notify, alertsLogFile, location = 'default', ...exporting } = options
  const closing = createClosing()
  const keeping = createKeeping({ log, now: clock.now })
  const state = (name: string): StateFile =>
    stateFile(join(storagePath, name), { report: keeping.file(name) })
  let alerting: Alerting | undefined
  let minitor: SoloMinitor | undefined

  function onObservation({ target, result }: Observation): void {
    if (!alerting) return
    minitor?.checked(target, result)
    alerting.observe(target, result)
    reporter.checked(target, result, alerting.health(target))
  }

  try {
    // First of all, because the address is what a second process of the same machine cannot have.
    const exporter = await startExporter(
      { ...exporting, location, storagePath },
      { log, clock, env, keeping, onObservation },
    )
    closing.push(() => exporter.stop())
    const metrics = soloMetrics(exporter.registry)
    const { registry } = exporter
    minitor = await openMinitor({ configFile: options.configFile, registry, log, clock, env })
    if (minitor && notify?.optional === false)
      log.warn(
        `${notify.file} is not read: ${options.configFile} is a file of Minitor, which says itself who is told`,
      )
    const delivered = deliveryMetrics(registry)
    const sink = await startSoloSink({
      storagePath,
      // A file of Minitor says itself who is told.
      notify: minitor?.notify ?? notify,
      ...(alertsLogFile !== undefined && { logFile: alertsLogFile }),
      metrics: minitor?.counted(delivered) ?? delivered,
      stalled: () => alerting?.stalled(),
      keeping,
      log,
      clock,
      env,
      stdout,
    })
    closing.push(() => sink.stop())
    const running = await startAlerting({
      file: state('solo-state.json'),
      sink: sink.accept,
      targets: exporter.config().targets,
      location,
      clock,
      timers,
      log,
    })
    alerting = running
    closing.push(() => running.stop())
    const calls = await startCallsAlerting({
      file: state('solo-calls.json'),
      sink: sink.accept,
      targets: exporter.config().callTargets,
      clock,
      timers,
      log,
    })
    closing.push(() => calls.stop())
    exporter.onCall(({ call, target, outcome }) => {
      if (target && outcome) calls.observe(target.name, { durationSeconds: call.durationSeconds, outcome })
    })
    const scheduler = new Scheduler({
      run: (target) => check(exporter, target, log),
      lastRun: running.lastRun,
      onSkip: metrics.skipped,
      onBegin: metrics.began,
    })
    closing.push(() => scheduler.stop())
    scheduler.setTargets(exporter.config().targets)
    exporter.onConfig(({ targets, callTargets }) => {
      minitor?.configChanged()
      running.setTargets(targets)
      calls.setTargets(callTargets)
      scheduler.setTargets(targets)
    })
    minitor?.runStartupAlerts()
    let stopping: Promise<void> | undefined
    return {
      url: exporter.url,
      targets: () => exporter.config().targets,
      last: exporter.last,
      health: running.health,
      async reload() {
        await exporter.reload()
        await sink.reload()
      },
      stop: () => (stopping ??= closing.close()),
    }
  } catch (error) {
    await closing.close()
    throw error
  }
}

/** A check that cannot be made is a bug, which must not end the watching of everything else. */
async function check(exporter: Exporter, target: Target, log: Logger): Promise<void> {
  try {
    await exporter.probe(target)
  } catch (error) {
    log.error({ err: error, target: target.name }, 'a check could not be made')
  }
}

/** `probity solo`. */
export function soloCommand(): Command {
  const terminal = process.stdout.isTTY
  const command = new Command('solo')
    .description('Watches, shows and notifies in one process, without Prometheus.')
    .addOption(notifyFileFlag())
    .addOption(listenAddressFlag('127.0.0.1:9740'))
    .addOption(flag('--web.enable-lifecycle', 'allow POST /-/reload').default(false))
    .addOption(callsAddressFlag())
    .addOption(
      flag('--storage.path <folder>', 'where state, history and alerts log are kept').default('./data'),
    )
    .addOption(flag('--alerts.log-file <path>', 'the alerts log (default: alerts.log in the storage folder)'))
    .addOption(flag('--location <name>', 'where this machine probes from').default('default'))
    .addOption(flag('--watch', 'show a live table, on a terminal').default(false))
    .addOption(
      flag('--log.level <level>', 'least severity that is logged')
        .choices(logLevels)
        .default(terminal ? 'warn' : 'info'),
    )
    .addOption(
      flag('--log.format <format>', 'how log lines are written')
        .choices(logFormats)
        .default(terminal ? 'logfmt' : 'json'),
    )
  for (const option of [...configFileFlags(), ...retentionFlags()]) command.addOption(option)
  return command.action(runSolo)
}

interface SoloFlags extends HistoryFlags, ConfigFileFlags {
  'notify.file': string
  'web.listenAddress': ListenAddress
  'web.enableLifecycle': boolean
  'alerts.logFile'?: string
  location: string
  watch: boolean
  'log.level': LogLevel
  'log.format': LogFormat
}

async function runSolo(flags: SoloFlags, command: Command): Promise<void> {
  const log = createLogger({ level: flags['log.level'], format: flags['log.format'] })
  // A reader of stdout that goes away must not end the process: the files are what counts.
  process.stdout.on('error', (error: unknown) => {
    log.warn(`stdout: ${messageOf(error)}`)
  })
  const optional = command.getOptionValueSource('notify.file') === 'default'
  const write = (text: string): boolean => process.stdout.write(text)
  const table = process.stdout.isTTY && flags.watch ? watchTable(process.stdout, systemClock) : undefined
  const terminal = { write: table?.note ?? write, now: systemClock.now }
  const solo = await startSolo(
    {
      configFile: flags['config.file'],
      remote: remoteAccess(flags, process.env),
      configStorage: flags['storage.path'],
      listenAddress: flags['web.listenAddress'],
      lifecycle: flags['web.enableLifecycle'],
      location: flags.location,
      calls: callsAddress(command),
      storagePath: flags['storage.path'],
      history: { ...historyPlace(process.env, flags['storage.path']), retention: retentionOf(flags) },
      ...(flags['alerts.logFile'] !== undefined && { alertsLogFile: flags['alerts.logFile'] }),
      notify: { file: flags['notify.file'], optional },
    },
    process.stdout.isTTY
      ? { log, stdout: printedAlerts(terminal), reporter: printedChanges(terminal) }
      : { log, stdout: process.stdout },
  )
  if (process.stdout.isTTY) terminal.write(welcome(solo))
  table?.start(solo)
  await runUntilSignal(solo, log, { SIGHUP: () => solo.reload() })
  table?.stop()
}

function welcome({ targets, url }: Solo): string {
  const count = targets().length === 1 ? '1 target' : `${targets().length} targets`
  return `Probity watches ${count}. The page is ${url}/, Ctrl+C ends it.\n`
}
