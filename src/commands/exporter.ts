import { Command } from '@commander-js/extra-typings'
import { startExporter } from '../app/exporter/exporter.ts'
import { historyPlace } from '../app/recording/recording.ts'
import { listedTargets, type Config } from '../config/config.ts'
import { adjustHeapGrowth } from '../exporter/heap-growth.ts'
import { openCrashes } from '../lib/io/crash-file.ts'
import { runUntilSignal } from '../lib/io/signals.ts'
import { createLogger } from '../lib/logger.ts'
import { systemClock } from '../lib/time/clock.ts'
import { allowedHostsFlag } from './flags/allowed-hosts.ts'
import {
  callsAddress,
  callsAddressFlag,
  callsNetworksFlag,
  otlpGrpcAddressFlag,
  corsOriginsFlag,
} from './flags/calls.ts'
import { configAllowEnvFlag, configFileFlag, configTokenFileFlag, remoteAccess } from './flags/config-file.ts'
import { flag, lifecycleFlag, listenAddressFlag, logFormatFlag, logLevelFlag } from './flags/flags.ts'
import { accessPlaces, trustNetworkFlag, webConfigFlag } from './flags/access.ts'
import { routePrefixFlag, servingPlaces, systemdSocketFlag, telemetryPathFlag } from './flags/serving.ts'
import { reportPlace, reportToFlag, reportTokenFileFlag } from './flags/report-to.ts'
import { marksSecretFileFlag } from './flags/marks.ts'
import { tokensFileFlag } from './flags/tokens.ts'
import { alertmanagerUrlFlag, externalUrlFlag } from './flags/places.ts'
import { mayBeMissing, notifyFileFlag } from './flags/notify-file.ts'
import { probeWorkersFlag } from './flags/probe-workers.ts'
import { shutdownDelayFlag } from './flags/shutdown-delay.ts'
import { hourlyRetentionFlag, rawRetentionFlag, retentionOf } from './flags/history.ts'

/** `probity exporter`. */
export const exporterCommand = () =>
  new Command('exporter')
    .description('Answers /probe, /sd and /metrics for Prometheus, and shows the last results at /.')
    .addOption(listenAddressFlag('127.0.0.1:9740'))
    .addOption(lifecycleFlag())
    .addOption(externalUrlFlag('URL under which Prometheus reaches this exporter'))
    .addOption(routePrefixFlag())
    .addOption(telemetryPathFlag())
    .addOption(systemdSocketFlag())
    .addOption(allowedHostsFlag())
    .addOption(callsAddressFlag())
    .addOption(callsNetworksFlag())
    .addOption(otlpGrpcAddressFlag())
    .addOption(corsOriginsFlag())
    .addOption(marksSecretFileFlag())
    .addOption(tokensFileFlag())
    .addOption(webConfigFlag())
    .addOption(trustNetworkFlag())
    .addOption(shutdownDelayFlag())
    .addOption(probeWorkersFlag())
    .addOption(flag('--location <name>', 'where this exporter probes from').default('default'))
    .addOption(
      flag(
        '--storage.path <folder>',
        'where results wait while the database of DATABASE_URL or the server of --report-to is unavailable, and where the last good configuration from a URL is kept',
      ).default('./data'),
    )
    .addOption(reportToFlag())
    .addOption(reportTokenFileFlag())
    .addOption(notifyFileFlag('file whose channels send the mails of public pages'))
    .addOption(alertmanagerUrlFlag('Alertmanager whose silences people see and make here'))
    .addOption(configFileFlag())
    .addOption(configTokenFileFlag())
    .addOption(configAllowEnvFlag())
    .addOption(rawRetentionFlag())
    .addOption(hourlyRetentionFlag())
    .addOption(logLevelFlag('info'))
    .addOption(logFormatFlag('logfmt'))
    .action(async (flags, command) => {
      const { env } = process
      const log = createLogger({ level: flags['log.level'], format: flags['log.format'] })
      const storagePath = flags['storage.path']
      const externalUrl = flags['web.externalUrl']
      const alertmanagerUrl = flags['alertmanager.url']
      const stored = Boolean(env.DATABASE_URL)
      // A folder that was not asked for would surprise users who run an exporter without state.
      const asked =
        stored || flags.reportTo !== undefined || command.getOptionValueSource('storage.path') !== 'default'
      const { crashes, lastCrash } = await openCrashes({
        folder: asked ? storagePath : undefined,
        program: 'exporter',
        log,
        now: systemClock.now,
      })
      const exporter = await startExporter(
        {
          configFile: flags['config.file'],
          remote: remoteAccess(flags, env),
          configStorage: storagePath,
          ...servingPlaces(flags, env),
          lastCrash,
          lifecycle: flags['web.enableLifecycle'],
          shutdownDelayMs: flags['web.shutdownDelay'],
          location: flags.location,
          ...reportPlace(flags, env),
          // Without a server the results are Prometheus' alone: an exporter keeps nothing itself.
          ...(stored && { history: { ...historyPlace(env, storagePath), retention: retentionOf(flags) } }),
          ...(asked && { storagePath }),
          calls: callsAddress(flags, command),
          corsOrigins: flags['calls.corsOrigins'],
          otlpGrpcAddress: flags['calls.otlpGrpcListenAddress'],
          ...accessPlaces(flags, command),
          marksSecretFile: flags['marks.secretFile'],
          probeThreads: flags['probe.workers'],
          ...(externalUrl && { externalUrl }),
          ...(alertmanagerUrl && { alertmanagerUrl }),
          notify: { file: flags['notify.file'], optional: mayBeMissing(command) },
        },
        { log },
      )
      const adjust = (config: Config): void => {
        adjustHeapGrowth(listedTargets(config).length)
      }
      adjust(exporter.config())
      exporter.onConfig(adjust)
      await runUntilSignal(exporter, log, crashes, { SIGHUP: () => exporter.reload() })
    })
