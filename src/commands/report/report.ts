import { Command, Option } from '@commander-js/extra-typings'
import { makeReport } from '../../app/report/make.ts'
import { askForReport } from '../../app/report/running.ts'
import { historyPlace } from '../../app/recording/recording.ts'
import { loadConfig } from '../../config/load/load.ts'
import { foreignFormats } from '../../foreign/index.ts'
import { unfinished } from '../../history/report/as-text.ts'
import { reportFormats, writeReport } from '../../history/report/formats.ts'
import { codeOf } from '../../lib/errors.ts'
import { createLogger } from '../../lib/logger.ts'
import { systemClock } from '../../lib/time/clock.ts'
import {
  configAllowEnvFlag,
  configFileFlag,
  configTokenFileFlag,
  remoteAccess,
} from '../flags/config-file.ts'
import { flag } from '../flags/flags.ts'
import { reportSendCommand } from './send.ts'

/** `probity report`. */
export const reportCommand = () =>
  new Command('report')
    // What stands after `send` is for `send`.
    .enablePositionalOptions()
    .addCommand(reportSendCommand())
    .description('Measures vendors against their promises, from the history in DATABASE_URL or in a folder.')
    .option('--month <month>', 'such as 2026-10 (default: the current month)')
    .option('--period <period>', 'instead of a month: a week such as 2026-W44, or FROM/TO, two UTC times')
    .option('--vendor <name>', 'only this one (default: all)')
    .option('--match <matchers>', 'only targets with these labels, such as \'team="shop",target=~"api-.*"\'')
    .option('--time-zone <name>', 'time zone of months and hours', 'UTC')
    .addOption(
      new Option(
        '--format <format>',
        'output format; csv: the incidents only; mail: what reports: of notify.yml sends',
      )
        .choices(reportFormats)
        .default('text' as const),
    )
    .addOption(
      flag('--storage.path <folder>', 'folder of the built-in database, without DATABASE_URL').default(
        './data',
      ),
    )
    .addOption(configFileFlag())
    .addOption(configTokenFileFlag())
    .addOption(configAllowEnvFlag())
    .action(async (flags) => {
      const { env } = process
      const remote = remoteAccess(flags, env)
      const config = await loadConfig(flags['config.file'], { env, foreign: foreignFormats, remote })
      const { month, period, match, vendor, timeZone, format } = flags
      const place = historyPlace(env, flags['storage.path'])
      const given = {
        ...(month !== undefined && { month }),
        ...(period !== undefined && { period }),
        ...(match !== undefined && { match }),
        ...(vendor !== undefined && { vendor }),
      }
      const dependencies = { clock: systemClock, log: createLogger({ level: 'warn' }) }
      const report = await makeReport({ place, config, timeZone, ...given }, dependencies).then(
        (made) => ({ ...made, text: writeReport[format](made) }),
        (error: unknown) => {
          if (codeOf(error) !== 'FOLDER_LOCKED') throw error
          return askForReport(place.folder, { ...given, time_zone: timeZone, format })
        },
      )
      process.stdout.write(report.text)
      const missing = unfinished(report)
      if (missing !== undefined) process.stderr.write(`${missing}\n`)
    })
