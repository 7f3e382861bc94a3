import { Command } from 'commander'
import { argument, flag, listenAddressFlag, logFlags } from './flags/flags.ts'
import type { ListenAddress } from '../lib/http/listen.ts'
import { createLogger, type LogFormat, type LogLevel } from '../lib/logger.ts'
import { runUntilSignal } from '../lib/io/signals.ts'
import { parseExternalUrl } from '../lib/http/url.ts'
import { callsAddress, callsAddressFlag } from '../app/calls-receiver.ts'
import { configFileFlags, remoteAccess, type ConfigFileFlags } from './flags/config-file.ts'
import { historyPlace, retentionFlags, retentionOf, type HistoryFlags } from '../app/recording.ts'
import { startExporter } from '../app/exporter.ts'

/** `probity exporter`. */
export function exporterCommand(): Command {
  const command = new Command('exporter')
    .description('Answers /probe, /sd and /metrics for Prometheus, and shows the last results at /.')
    .addOption(listenAddressFlag('127.0.0.1:9740'))
    .addOption(flag('--web.enable-lifecycle', 'allow POST /-/reload').default(false))
    .addOption(
      flag('--web.external-url <url>', 'URL under which Prometheus reaches this exporter').argParser(
        argument(parseExternalUrl),
      ),
    )
    .addOption(callsAddressFlag())
    .addOption(flag('--location <name>', 'where this exporter probes from').default('default'))
    .addOption(
      flag(
        '--storage.path <folder>',
        'where results wait while the database of DATABASE_URL is away, and the last good configuration of a URL',
      ).default('./data'),
    )
  for (const option of [...configFileFlags(), ...retentionFlags(), ...logFlags()]) command.addOption(option)
  return command.action(async (flags: ExporterFlags) => {
    const log = createLogger({ level: flags['log.level'], format: flags['log.format'] })
    const exporter = await startExporter(
      {
        configFile: flags['config.file'],
        remote: remoteAccess(flags, process.env),
        configStorage: flags['storage.path'],
        listenAddress: flags['web.listenAddress'],
        lifecycle: flags['web.enableLifecycle'],
        location: flags.location,
        // Without a server the results are Prometheus' alone: an exporter keeps nothing of its own.
        ...(process.env.DATABASE_URL && {
          history: {
            ...historyPlace(process.env, flags['storage.path']),
            retention: retentionOf(flags),
          },
        }),
        // A folder that was not asked for would surprise whoever runs an exporter without state.
        ...((process.env.DATABASE_URL || command.getOptionValueSource('storage.path') !== 'default') && {
          storagePath: flags['storage.path'],
        }),
        calls: callsAddress(command),
        ...(flags['web.externalUrl'] && { externalUrl: flags['web.externalUrl'] }),
      },
      { log },
    )
    await runUntilSignal(exporter, log, {
      SIGHUP: () => exporter.reload(),
    })
  })
}

interface ExporterFlags extends HistoryFlags, ConfigFileFlags {
  'web.listenAddress': ListenAddress
  'web.enableLifecycle': boolean
  'web.externalUrl'?: URL
  location: string
  'log.level': LogLevel
  'log.format': LogFormat
}
