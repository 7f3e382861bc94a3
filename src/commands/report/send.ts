import { Command } from '@commander-js/extra-typings'
import { notifyTypes } from '../../app/channels.ts'
import { historyPlace } from '../../app/recording/recording.ts'
import { mailOfExporter, mailOfPlace } from '../../app/report/sending/make-mail.ts'
import { sendNow } from '../../app/report/sending/send-now.ts'
import { loadConfig } from '../../config/load/load.ts'
import { loadNotify } from '../../config/notify/load.ts'
import { foreignFormats } from '../../foreign/index.ts'
import { parseExternalUrl } from '../../lib/http/url.ts'
import { readToken } from '../../lib/io/token-file.ts'
import { createLogger } from '../../lib/logger.ts'
import { systemClock } from '../../lib/time/clock.ts'
import {
  configAllowEnvFlag,
  configFileFlag,
  configTokenFileFlag,
  remoteAccess,
} from '../flags/config-file.ts'
import { argument, flag } from '../flags/flags.ts'
import { notifyFileFlag } from '../flags/notify-file.ts'
import { externalUrlFlag } from '../flags/places.ts'

/** `probity report send`. */
export const reportSendCommand = () =>
  new Command('send')
    .description(
      'Sends a report of notify.yml now, to all its destinations. The exit code is 1 if one of them fails.',
    )
    .argument('<name>', 'the name of the report')
    .option('--period <period>', 'such as 2026-10 or 2026-W44 (default: the newest that was due)')
    .addOption(notifyFileFlag())
    .addOption(
      flag('--storage.path <folder>', 'folder of the built-in database, without DATABASE_URL').default(
        './data',
      ),
    )
    .addOption(
      flag('--exporter.url <url>', 'exporter that is asked for the report, instead of a database')
        .argParser(argument(parseExternalUrl))
        .default(undefined, 'none'),
    )
    .addOption(
      flag(
        '--exporter.token-file <path>',
        'file with a token of scope read, if the exporter wants one',
      ).default(undefined, 'none'),
    )
    .addOption(externalUrlFlag('URL under which people reach the status page: the report links to it'))
    .addOption(configFileFlag())
    .addOption(configTokenFileFlag())
    .addOption(configAllowEnvFlag())
    .action(async (name, flags) => {
      const { env } = process
      const log = createLogger({ level: 'warn' })
      const config = await loadNotify(flags['notify.file'], {
        env,
        foreign: foreignFormats,
        types: notifyTypes,
      })
      const url = flags['exporter.url']
      const tokenFile = flags['exporter.tokenFile']
      const makeMail = url
        ? mailOfExporter({ url, ...(tokenFile !== undefined && { token: () => readToken(tokenFile) }) })
        : mailOfPlace({
            place: historyPlace(env, flags['storage.path']),
            config: () =>
              loadConfig(flags['config.file'], {
                env,
                foreign: foreignFormats,
                remote: remoteAccess(flags, env),
              }),
            clock: systemClock,
            log,
          })
      const { period, sent } = await sendNow(
        { config, name, period: flags.period, makeMail, externalUrl: flags['web.externalUrl'] },
        { clock: systemClock, env, log },
      )
      for (const { to, failure } of sent)
        process.stdout.write(
          `${name} ${period}, ${to}: ${failure === undefined ? 'sent' : `failed: ${failure}`}\n`,
        )
      if (sent.some(({ failure }) => failure !== undefined)) process.exitCode = 1
    })
