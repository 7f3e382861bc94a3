import { join } from 'node:path'
import type { Alert } from '../../alerts/alert.ts'
import { startAlerting, type Alerting } from '../../alerts/evaluator/alerting.ts'
import { openOwnSilences } from '../../alerts/silences/own.ts'
import { peerRoute } from '../../alerts/peers/route.ts'
import { openLinks, withActions } from '../silences/links.ts'
import { silencesMetrics } from '../silences/metrics.ts'
import type { Health } from '../../alerts/evaluator/watched-target.ts'
import { deliveryMetrics } from '../../alerts/delivery/metrics.ts'
import type { LogChannelOptions } from '../../channels/log/log.ts'
import { watchedNames, type Config } from '../../config/config.ts'
import type { Target } from '../../config/target/target.ts'
import type { Observation } from '../../exporter/shared-probes.ts'
import { systemClock, type Clock } from '../../lib/time/clock.ts'
import { createClosing } from '../../lib/io/closing.ts'
import type { Listening } from '../../lib/http/listen.ts'
import { codeOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import { createKeeping } from '../../lib/io/keeping.ts'
import { stateFile, type StateFile } from '../../lib/io/state-file.ts'
import { within } from '../../lib/time/within.ts'
import { systemTimers, type Timers } from '../../lib/time/timers.ts'
import { Scheduler } from '../../scheduler/scheduler.ts'
import { startExporter } from '../exporter/exporter.ts'
import type { Exporter } from '../exporter/running.ts'
import type { ExporterOptions } from '../start-options.ts'
import { soloMetrics } from './metrics.ts'
import { openMinitor, type SoloMinitor } from './minitor.ts'
import { withAlsoFailing } from '../../alerts/evidence/also-failing.ts'
import { withRepairs } from '../../alerts/evidence/repairs.ts'
import { failingSince, withTestimony } from '../../alerts/evidence/witnesses.ts'
import type { Places } from '../../alerts/evidence/links.ts'
import { adviseLinks } from '../notify/advise-links.ts'
import { startAlertSink, type RunningAlertSink } from '../alert-sink.ts'
import { mailOfHistory } from '../report/sending/make-mail.ts'
import { startReportsOf } from '../report/sending/start.ts'
import { loggedChanges, type StateReporter } from './terminal.ts'

export interface SoloOptions extends ExporterOptions, Places {
  /** The folder of the state files and, unless it is named, of the alerts log. */
  readonly storagePath: string
  readonly alertsLogFile?: string
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
  /** Called for every check. Default: changes of state are logged. */
  readonly reporter?: StateReporter
}

/** Probity at work without Prometheus. */
export interface Solo extends Listening {
  /** Reads both configurations again; throws what is wrong with them. */
  readonly reload: () => Promise<void>
  readonly targets: () => readonly Target[]
  /** The names of all targets, with those that are judged on calls alone. */
  readonly watched: () => readonly string[]
  readonly last: (target: Target) => Observation | undefined
  /** Where spans are received over gRPC; absent where they are not. */
  readonly otlpGrpcUrl?: string
  readonly health: (target: Target) => Health
  /** The targets that are judged on calls alone, and what was seen of them. */
  readonly calls: Exporter['calls']
  /** The channels that alerts go to, besides the alerts log. */
  readonly notified: () => readonly string[]
}

/** Milliseconds that `stop` waits for checks under way; one that takes longer is not counted, and is made again after the start. */
const lastChecksMs = 1500
/** Milliseconds that it waits for requests. */
const lastRequestsMs = 1000

/**
 * Starts everything in one process: what Prometheus, its rules and Alertmanager do in the stack is done by a scheduler, an
 * evaluator and the notifier, next to the same exporter.
 *
 * @throws ProbityError When a configuration is invalid, a file cannot be used, or the address cannot be bound.
 */
export async function startSolo(options: SoloOptions, dependencies: SoloDependencies): Promise<Solo> {
  const { log, clock = systemClock, timers = systemTimers, env = process.env, stdout } = dependencies
  const { reporter = loggedChanges(log) } = dependencies
  const { storagePath, notify, location = 'default', ...exporting } = options
  const { alertsLogFile = join(storagePath, 'alerts.log') } = options
  const closing = createClosing()
  const keeping = createKeeping({ log, now: clock.now })
  const state = (name: string): StateFile =>
    stateFile(join(storagePath, name), { report: keeping.file(name) })
  let alerting: Alerting | undefined
  let minitor: SoloMinitor | undefined
  let sink: RunningAlertSink | undefined
  let ended = false

  function onObservation({ target, result }: Observation): void {
    if (!alerting || ended) return
    minitor?.checked(target, result)
    alerting.observe(target, result)
    reporter.checked(target, result, alerting.health(target))
  }

  try {
    const silences = await openOwnSilences({
      file: state('silences.json'),
      firing: () => alerting?.firing() ?? [],
      changed: () => sink?.lookAgain(),
      clock,
      timers,
      log,
    })
    closing.push(silences.stop)
    const heard: ((alerts: readonly Alert[]) => void)[] = [silences.heard]
    const { externalUrl } = options
    const links = externalUrl && (await openLinks({ keeper: silences, storagePath, keeping, clock, log }))
    // First of all, because the address is what a second process of the same machine cannot have.
    const exporter = await startExporter(
      { ...exporting, location, storagePath, drainMs: lastRequestsMs },
      {
        log,
        clock,
        timers,
        env,
        keeping,
        onObservation,
        notified: () => sink?.notified() ?? [],
        silences,
        ...(links && { links }),
        deciding: {
          examine: (name) => alerting?.examine(name),
          notify: () => sink?.config(),
          firing: () => alerting?.firing() ?? [],
          onChange: (listener) => void heard.push(listener),
        },
        alsoReload: async () => sink?.reload(),
        moreRoutes: ({ isKnownTo }) => [
          peerRoute({
            receive: () => sink?.peering?.receive,
            isKnown: (request) => isKnownTo(request, 'peer'),
          }),
        ],
      },
    )
    closing.push(() => exporter.stop())
    const metrics = soloMetrics(exporter.registry)
    silencesMetrics(exporter.registry, silences)
    const { registry } = exporter
    minitor = await openMinitor({ configFile: options.configFile, registry, log, clock, env })
    if (minitor && notify?.optional === false)
      log.warn(
        `${notify.file} is ignored: ${options.configFile} is a Minitor file, which defines its own alerts`,
      )
    adviseLinks(options, log)
    const delivered = deliveryMetrics(registry)
    sink = await startAlertSink({
      storagePath,
      // A Minitor file says itself who is notified.
      notify: minitor?.notify ?? notify,
      logFile: alertsLogFile,
      withoutAlertmanager: true,
      location,
      ledgers: { silences: silences.ledger, heartbeats: exporter.heartbeatLedger },
      places: options,
      ...(links && {
        withActions: (alert) =>
          alert.status === 'resolved' ? alert : withActions(alert, links.tokensFor(alert), externalUrl),
      }),
      evidence(alerts) {
        const failing = alerting?.failing() ?? []
        return Promise.all(
          alerts.map(async (alert) => {
            const { target = '' } = alert.labels
            const testimony = await exporter.testimony(target, failingSince(alert))
            const known = withTestimony(withAlsoFailing(alert, failing), testimony)
            return withRepairs(known, exporter.commandRuns.heard(target))
          }),
        )
      },
      ran: exporter.commandRuns.ran,
      mutedUntil: silences.mutedUntil,
      stalled: () => alerting?.stalled(),
      keeping,
      metrics: minitor?.counted(delivered) ?? delivered,
      log,
      clock,
      env,
      stdout,
    })
    const { accept, notified, reporting, stop: stopSink } = sink
    closing.push(stopSink)
    closing.push(
      startReportsOf(reporting, mailOfHistory(exporter.report), { externalUrl, env, clock, timers, log }),
    )
    const running = await startAlerting({
      file: state('solo-state.json'),
      async sink(alerts) {
        await accept(alerts)
        for (const listener of heard) listener(alerts)
      },
      ...exporter.config(),
      location,
      crashed: options.lastCrash !== undefined,
      peer: sink.peering?.view,
      // Minitor ended every alert at once.
      lingers: minitor === undefined ? 'again' : 'never',
      clock,
      timers,
      log,
    })
    alerting = running
    closing.push(() => running.stop())
    exporter.onCall(({ call, target, outcome, error }) => {
      if (!target || !outcome) return
      running.observeCall(target.name, { ...call, outcome, error })
      const { durationSeconds } = call
      if (!target.probed)
        reporter.called(target.name, { durationSeconds, ...(error !== undefined && { error }) })
    })
    const awaitCalls = ({ callTargets }: Config): void => {
      reporter.awaited(callTargets.flatMap(({ name, probed, paused }) => (probed || paused ? [] : [name])))
    }
    const scheduler = new Scheduler({
      run: (target) => check(exporter, target, log),
      lastRun: running.lastRun,
      onSkip: metrics.skipped,
      onBegin: metrics.began,
    })
    closing.push(async () => {
      await within(scheduler.stop(), lastChecksMs, () => undefined)
      ended = true
    })
    scheduler.setTargets(exporter.config().targets)
    awaitCalls(exporter.config())
    exporter.onConfig((config) => {
      awaitCalls(config)
      minitor?.configChanged()
      running.setTargets(config)
      scheduler.setTargets(config.targets)
    })
    minitor?.runStartupAlerts()
    let stopping: Promise<void> | undefined
    return {
      url: exporter.url,
      targets: () => exporter.config().targets,
      watched: () => watchedNames(exporter.config()),
      last: exporter.last,
      ...(exporter.otlpGrpcUrl !== undefined && { otlpGrpcUrl: exporter.otlpGrpcUrl }),
      health: running.health,
      calls: exporter.calls,
      notified,
      reload: exporter.reload,
      stop: () => (stopping ??= closing.close()),
    }
  } catch (error) {
    await closing.close()
    throw error
  }
}

/** A check that cannot be made must not end the watching of everything else. */
async function check(exporter: Exporter, target: Target, log: Logger): Promise<void> {
  try {
    await exporter.probe(target)
  } catch (error) {
    // A metric counts those for which there was no time.
    if (codeOf(error) !== 'PROBER_BUSY')
      log.error({ err: error, target: target.name }, 'a check could not be run')
  }
}
