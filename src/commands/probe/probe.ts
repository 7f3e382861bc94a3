import { existsSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { Command } from '@commander-js/extra-typings'
import { didYouMean } from '../../settings/values/closest.ts'
import { listedTargets, type Config } from '../../config/config.ts'
import { loadConfig, parseConfig } from '../../config/load/load.ts'
import type { LoadOptions } from '../../config/load/options.ts'
import type { Target } from '../../config/target/target.ts'
import { systemClock } from '../../lib/time/clock.ts'
import { ProbityError } from '../../lib/errors.ts'
import { recordProbeLog, type RecordedProbeLog } from '../../checks/log.ts'
import type { ProbeResult } from '../../checks/result.ts'
import { repeated, retryTimeout } from '../../checks/shared/retry.ts'
import { runProbe } from '../../checks/run.ts'
import {
  configAllowEnvFlag,
  configFileFlag,
  configTokenFileFlag,
  remoteAccess,
} from '../flags/config-file.ts'
import { foreignFormats } from '../../foreign/index.ts'
import { printProbe, printProbeJson } from './print.ts'

/** `probity probe NAME|URL`: one probe, now. Exit code 1 when it failed. */
export const probeCommand = () =>
  new Command('probe')
    .description('Probes one target now and prints what was expected and seen. A URL need not be configured.')
    .argument('<target>', 'name of a configured target, or a URL')
    .option('--module <name>', 'for a URL: the module of the configuration to probe it with')
    .option('--json', 'print the result as JSON')
    .option('-v, --verbose', 'print what the probe did, step by step')
    .addOption(configFileFlag())
    .addOption(configTokenFileFlag())
    .addOption(configAllowEnvFlag())
    .action(async (name, flags, command) => {
      const optional = command.getOptionValueSource('config.file') === 'default'
      const remote = remoteAccess(flags, process.env)
      const listed = await load(flags['config.file'], { remote }, optional)
      // Nobody is asked for what the file itself lists.
      const discover = listed.discovered !== undefined && !listed.target(name)
      const config = discover ? await load(flags['config.file'], { remote, discover }, optional) : listed
      const target = select(config, name, flags.module)
      const log = recordProbeLog(systemClock.monotonic)
      const result = await probeTwice(target, log)
      const report = flags.json ? printProbeJson : printProbe
      process.stdout.write(report({ target, result, lines: flags.verbose ? log.lines : [] }))
      if (!result.success) process.exitCode = 1
    })

/** As the exporter does: a check that fails is made again where the target asks for it, and the second one counts. */
async function probeTwice(target: Target, log: RecordedProbeLog): Promise<ProbeResult> {
  const { check, timeout, retry } = target
  const began = systemClock.monotonic()
  const options = { clock: systemClock, log }
  const first = await runProbe(check, { ...options, timeoutSeconds: timeout })
  if (first.success || retry === undefined) return first
  await setTimeout(retry * 1000)
  const elapsed = (systemClock.monotonic() - began) / 1000
  return repeated(first, await runProbe(check, { ...options, timeoutSeconds: retryTimeout(target, elapsed) }))
}

/** A user who starts a process on this machine may reach what the machine may reach: no `probe.allow` is asked. */
function select(config: Config, name: string, module: string | undefined): Target {
  const target = module === undefined ? config.target(name) : undefined
  if (target) return target
  if (URL.canParse(name)) return config.adHoc(name, module)
  const names = listedTargets(config).map((candidate) => candidate.name)
  throw new ProbityError(
    'TARGET_UNKNOWN',
    `"${name}" is neither a configured target nor a URL${didYouMean(name, names)}; configured: ${listed(names)}`,
  )
}

/** A first look at a URL needs no file; one that was named must exist. */
async function load(
  path: string,
  how: Pick<LoadOptions, 'remote' | 'discover'>,
  optional: boolean,
): Promise<Config> {
  const { env } = process
  if (!optional || existsSync(path)) return loadConfig(path, { env, foreign: foreignFormats, ...how })
  const sources = [{ file: path, text: 'targets: []' }]
  return parseConfig({ sources, directory: process.cwd(), files: [] }, { env, foreign: foreignFormats })
}

/** How many names fit on a few lines. */
const namesShown = 20

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'none (probity init writes a first configuration)'
  const rest = names.length > namesShown ? ` and ${names.length - namesShown} more` : ''
  return names.slice(0, namesShown).join(', ') + rest
}
