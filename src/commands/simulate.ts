import { Command, Option } from '@commander-js/extra-typings'
import { historyPlace } from '../app/recording/recording.ts'
import { simulationFormats, writeSimulation } from '../app/simulate/formats.ts'
import { simulatePlace } from '../app/simulate/stored.ts'
import { loadConfig } from '../config/load/load.ts'
import { foreignFormats } from '../foreign/index.ts'
import { createLogger } from '../lib/logger.ts'
import { systemClock } from '../lib/time/clock.ts'
import { configAllowEnvFlag, configFileFlag, configTokenFileFlag, remoteAccess } from './flags/config-file.ts'
import { argument, flag } from './flags/flags.ts'
import { seconds } from './flags/seconds.ts'
import { sinceFlag } from './flags/since.ts'

/** The exit code where the edited configuration is silent about an outage that the current one told. */
const quieter = 3

/** `probity simulate`. */
export const simulateCommand = () =>
  new Command('simulate')
    .description(
      'Plays the stored checks through the alert rules and shows which alerts there would have been, now and with an edited configuration.',
    )
    .option('--config <file>', 'an edited targets.yml to compare with')
    .addOption(sinceFlag())
    .addOption(
      new Option('--short <duration>', 'an alert that ends within this time counts as short')
        .argParser(argument(seconds))
        .default(300, '5m'),
    )
    .addOption(
      new Option('--format <format>', 'output format').choices(simulationFormats).default('text' as const),
    )
    .addOption(
      flag('--storage.path <folder>', 'folder of the built-in database, without DATABASE_URL').default(
        './data',
      ),
    )
    .addOption(configFileFlag())
    .addOption(configTokenFileFlag())
    .addOption(configAllowEnvFlag())
    .action(async ({ config: edited, since, short, format, ...flags }) => {
      const { env } = process
      const remote = remoteAccess(flags, env)
      const load = async (name: string) => ({
        name,
        config: await loadConfig(name, { env, foreign: foreignFormats, remote }),
      })
      const current = await load(flags['config.file'])
      const result = await simulatePlace(
        {
          place: historyPlace(env, flags['storage.path']),
          candidates: edited === undefined ? [current] : [current, await load(edited)],
          since,
          short,
        },
        { clock: systemClock, log: createLogger({ level: 'warn' }) },
      )
      process.stdout.write(writeSimulation[format](result))
      if (result.missed.length > 0) process.exitCode = quieter
    })
