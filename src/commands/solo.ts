import { Command } from '@commander-js/extra-typings'
import { historyPlace } from '../app/recording/recording.ts'
import { startSolo } from '../app/solo/solo.ts'
import { printedAlerts, printedChanges } from '../app/solo/terminal.ts'
import { welcome, whoIsNotified } from '../app/solo/welcome.ts'
import { watchTable } from '../app/solo/watch.ts'
import { messageOf } from '../lib/errors.ts'
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
import { probeWorkersFlag } from './flags/probe-workers.ts'
import { hourlyRetentionFlag, rawRetentionFlag, retentionOf } from './flags/history.ts'
import { accessPlaces, trustNetworkFlag, webConfigFlag } from './flags/access.ts'
import { routePrefixFlag, servingPlaces, systemdSocketFlag, telemetryPathFlag } from './flags/serving.ts'
import { reportPlace, reportToFlag, reportTokenFileFlag } from './flags/report-to.ts'
import { marksSecretFileFlag } from './flags/marks.ts'
import { tokensFileFlag } from './flags/tokens.ts'
import { externalUrlFlag, placesOf } from './flags/places.ts'
import { mayBeMissing, notifyFileFlag } from './flags/notify-file.ts'

/** `probity solo`. */
export const soloCommand = () => {
  const terminal = process.stdout.isTTY
  return new Command('solo')
    .description('Watches, shows and notifies in one process, without Prometheus.')
    .addOption(notifyFileFlag())
    .addOption(listenAddressFlag('127.0.0.1:9740'))
    .addOption(lifecycleFlag())
    .addOption(externalUrlFlag('URL under which people reach the status page: messages link to it'))
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
    .addOption(probeWorkersFlag())
    .addOption(
      flag('--storage.path <folder>', 'where state, history and alerts log are kept').default('./data'),
    )
    .addOption(flag('--alerts.log-file <path>', 'the alerts log (default: alerts.log in the storage folder)'))
    .addOption(flag('--location <name>', 'where this machine probes from').default('default'))
    .addOption(reportToFlag())
    .addOption(reportTokenFileFlag())
    .addOption(flag('--watch', 'show a live table, on a terminal').default(false))
    .addOption(logLevelFlag(terminal ? 'warn' : 'info'))
    .addOption(logFormatFlag(terminal ? 'text' : 'json'))
    .addOption(configFileFlag())
    .addOption(configTokenFileFlag())
    .addOption(configAllowEnvFlag())
    .addOption(rawRetentionFlag())
    .addOption(hourlyRetentionFlag())
    .action(async (flags, command) => {
      const { env } = process
      const log = createLogger({ level: flags['log.level'], format: flags['log.format'] })
      const { crashes, lastCrash } = await openCrashes({
        folder: flags['storage.path'],
        program: 'solo',
        log,
        now: systemClock.now,
      })
      // A reader of stdout that goes away must not end the process: the files are what counts.
      process.stdout.on('error', (error: unknown) => {
        log.warn(`stdout: ${messageOf(error)}`)
      })
      const write = (text: string): boolean => process.stdout.write(text)
      const table = terminal && flags.watch ? watchTable(process.stdout, systemClock) : undefined
      const screen = { write: table?.note ?? write, now: systemClock.now }
      const logFile = flags['alerts.logFile']
      const solo = await startSolo(
        {
          configFile: flags['config.file'],
          remote: remoteAccess(flags, env),
          configStorage: flags['storage.path'],
          ...servingPlaces(flags, env),
          lastCrash,
          lifecycle: flags['web.enableLifecycle'],
          ...placesOf(flags, env),
          location: flags.location,
          ...reportPlace(flags, env),
          calls: callsAddress(flags, command),
          corsOrigins: flags['calls.corsOrigins'],
          otlpGrpcAddress: flags['calls.otlpGrpcListenAddress'],
          ...accessPlaces(flags, command),
          marksSecretFile: flags['marks.secretFile'],
          probeThreads: flags['probe.workers'],
          storagePath: flags['storage.path'],
          history: { ...historyPlace(env, flags['storage.path']), retention: retentionOf(flags) },
          ...(logFile !== undefined && { alertsLogFile: logFile }),
          notify: { file: flags['notify.file'], optional: mayBeMissing(command) },
        },
        terminal
          ? { log, stdout: printedAlerts(screen), reporter: printedChanges(screen) }
          : { log, stdout: process.stdout },
      )
      if (terminal) screen.write(welcome(solo))
      else log.info(whoIsNotified(solo.notified()))
      table?.start(solo)
      await runUntilSignal(solo, log, crashes, { SIGHUP: () => solo.reload() }, { prompt: true })
      table?.stop()
    })
}
