import { Command, Option } from '@commander-js/extra-typings'
import { historyPlace } from '../app/recording/recording.ts'
import { withStored } from '../app/simulate/stored.ts'
import { asJson, asText } from '../app/simulate/suggest/formats.ts'
import { makePatch } from '../app/simulate/suggest/patch.ts'
import { suggest } from '../app/simulate/suggest/suggest.ts'
import { findTarget } from '../config/config.ts'
import { loadConfig, parseConfig } from '../config/load/load.ts'
import { isRemote } from '../config/remote/address.ts'
import { foreignFormats } from '../foreign/index.ts'
import { ProbityError } from '../lib/errors.ts'
import { createLogger } from '../lib/logger.ts'
import { systemClock } from '../lib/time/clock.ts'
import { readTargetSources } from '../settings/sources.ts'
import { configAllowEnvFlag, configFileFlag, configTokenFileFlag, remoteAccess } from './flags/config-file.ts'
import { argument, flag } from './flags/flags.ts'
import { seconds } from './flags/seconds.ts'
import { sinceFlag } from './flags/since.ts'

/** `probity suggest`. */
export const suggestCommand = () =>
  new Command('suggest')
    .description(
      'Suggests alert_after, max_latency and max_error_rate for each target from its stored checks, and says what they change.',
    )
    .argument('[targets...]', 'names of targets (default: all)')
    .addOption(sinceFlag())
    .addOption(
      new Option('--short <duration>', 'an outage that ends within this time is not worth an alert')
        .argParser(argument(seconds))
        .default(300, '5m'),
    )
    .addOption(new Option('--json', 'print JSON').conflicts('patch'))
    .option('--patch', 'print a patch of the files of the configuration, for patch -p0')
    .addOption(
      flag('--storage.path <folder>', 'folder of the built-in database, without DATABASE_URL').default(
        './data',
      ),
    )
    .addOption(configFileFlag())
    .addOption(configTokenFileFlag())
    .addOption(configAllowEnvFlag())
    .action(async (names, { since, short, json, patch, ...flags }) => {
      const { env } = process
      const path = flags['config.file']
      const options = { env, foreign: foreignFormats, remote: remoteAccess(flags, env) }
      const read = isRemote(path) ? undefined : await readTargetSources(path)
      const config = read
        ? parseConfig(read, { ...options, origins: true })
        : await loadConfig(path, { ...options, origins: true })
      const wanted = names.map((name) => {
        const target = findTarget(config, name)
        if (target) return target.name
        throw new ProbityError('TARGET_UNKNOWN', `there is no target ${JSON.stringify(name)} in ${path}`)
      })
      const place = historyPlace(env, flags['storage.path'])
      const tools = { clock: systemClock, log: createLogger({ level: 'warn' }) }
      const result = await withStored({ place, since }, tools, (past) =>
        suggest({ config, short, past, ...(wanted.length > 0 && { names: wanted }) }),
      )
      const { text, left } = makePatch({
        config,
        sources: read?.sources ?? [],
        suggestions: result.suggestions,
        read: (sources) => parseConfig({ files: [], directory: '.', ...read, sources }, options),
        folder: process.cwd(),
      })
      const shown = { result, config, left }
      if (patch) {
        process.stdout.write(text)
        if (text === '') process.stderr.write('There is nothing to change.\n')
      } else process.stdout.write(json ? asJson(shown) : asText(shown))
    })
