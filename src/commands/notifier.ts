import { dirname } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import { startNotifier } from '../app/notifier/notifier.ts'
import { messageOf } from '../lib/errors.ts'
import { openCrashes } from '../lib/io/crash-file.ts'
import { runUntilSignal } from '../lib/io/signals.ts'
import { createLogger } from '../lib/logger.ts'
import { systemClock } from '../lib/time/clock.ts'
import { parseExternalUrl } from '../lib/http/url.ts'
import { accessPlaces, trustNetworkFlag, webConfigFlag } from './flags/access.ts'
import { routePrefixFlag, servingPlaces, systemdSocketFlag, telemetryPathFlag } from './flags/serving.ts'
import { tokensFileFlag } from './flags/tokens.ts'
import { allowedHostsFlag } from './flags/allowed-hosts.ts'
import { alertmanagerUrlFlag, externalUrlFlag, placesOf } from './flags/places.ts'
import { argument, flag, listenAddressFlag, logFormatFlag, logLevelFlag } from './flags/flags.ts'
import { mayBeMissing, notifyFileFlag } from './flags/notify-file.ts'

/** `probity notifier`. */
export const notifierCommand = () =>
  new Command('notifier')
    .description(
      "Receives Alertmanager's notifications, appends every change of state to the alerts log and to stdout, and notifies the channels of notify.yml that Alertmanager has no receiver for.",
    )
    .addOption(listenAddressFlag('127.0.0.1:9741'))
    .addOption(
      externalUrlFlag('URL under which people reach the status page of the exporter: messages link to it'),
    )
    .addOption(routePrefixFlag())
    .addOption(telemetryPathFlag())
    .addOption(systemdSocketFlag())
    .addOption(allowedHostsFlag())
    .addOption(tokensFileFlag())
    .addOption(webConfigFlag())
    .addOption(trustNetworkFlag())
    .addOption(
      flag(
        '--web.bearer-token-file <path>',
        "file with the bearer token that Alertmanager's webhook must send; created if it is missing",
      ).default('./data/notifier-token'),
    )
    .addOption(
      flag('--alerts.log-file <path>', 'the alerts log; created if it is missing').default(
        './data/alerts.log',
      ),
    )
    .addOption(notifyFileFlag())
    .addOption(
      flag(
        '--notify.all-channels',
        'also notify the channels that Alertmanager has a receiver for, for an Alertmanager that sends everything here',
      ).default(false, 'off'),
    )
    .addOption(
      flag('--storage.path <folder>', 'where the state and the audit log of commands are kept').default(
        undefined,
        'the folder of the alerts log',
      ),
    )
    .addOption(
      flag('--exporter.url <url>', 'exporter that is asked what a failed check saw')
        .argParser(argument(parseExternalUrl))
        .default(undefined, 'none'),
    )
    .addOption(
      flag(
        '--exporter.token-file <path>',
        'file with a token of scope read, and commands if it runs commands, if the exporter wants one',
      ).default(undefined, 'none'),
    )
    .addOption(
      alertmanagerUrlFlag(
        'Alertmanager that is asked what is silenced, and for the ends of alerts that it has not sent',
      ),
    )
    .addOption(logLevelFlag('info'))
    .addOption(logFormatFlag('logfmt'))
    .action(async (flags, command) => {
      const log = createLogger({ level: flags['log.level'], format: flags['log.format'] })
      // A reader of stdout that goes away must not end the process: the file is what counts.
      process.stdout.on('error', (error: unknown) => {
        log.warn(`stdout: ${messageOf(error)}`)
      })
      const exporterUrl = flags['exporter.url']
      const exporterTokenFile = flags['exporter.tokenFile']
      const alertmanagerUrl = flags['alertmanager.url']
      const storagePath = flags['storage.path']
      const { crashes, lastCrash } = await openCrashes({
        folder: storagePath ?? dirname(flags['alerts.logFile']),
        program: 'notifier',
        log,
        now: systemClock.now,
      })
      const notifier = await startNotifier(
        {
          ...servingPlaces(flags, process.env),
          lastCrash,
          ...accessPlaces(flags, command),
          bearerTokenFile: flags['web.bearerTokenFile'],
          logFile: flags['alerts.logFile'],
          allChannels: flags['notify.allChannels'],
          notify: { file: flags['notify.file'], optional: mayBeMissing(command) },
          ...placesOf(flags, process.env),
          ...(exporterUrl && { exporterUrl }),
          ...(exporterTokenFile !== undefined && { exporterTokenFile }),
          ...(alertmanagerUrl && { alertmanager: { url: alertmanagerUrl } }),
          ...(storagePath !== undefined && { storagePath }),
        },
        { log, stdout: process.stdout },
      )
      await runUntilSignal(notifier, log, crashes, { SIGHUP: () => notifier.reload() }, { prompt: true })
    })
