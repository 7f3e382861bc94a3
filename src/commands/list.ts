import { Command } from '@commander-js/extra-typings'
import { listedTargets, type Config } from '../config/config.ts'
import { loadConfig } from '../config/load/load.ts'
import { callsPlaceOf, placeOf } from './check/place.ts'
import { describeSource } from '../config/discovery/words.ts'
import { foreignFormats } from '../foreign/index.ts'
import { visible } from '../lib/text/text.ts'
import { formatDuration } from '../settings/values/duration.ts'
import {
  configAllowEnvFlag,
  configFileFlag,
  configTokenFileFlag,
  discoverFlag,
  remoteAccess,
} from './flags/config-file.ts'

/** `probity list [FILE]`. */
export const listCommand = () =>
  new Command('list')
    .description('Lists the targets of a configuration, one a line.')
    .argument('[file]', 'file, directory or https:// URL that lists the targets')
    .option('--json', 'print JSON')
    .addOption(discoverFlag())
    .addOption(configFileFlag())
    .addOption(configTokenFileFlag())
    .addOption(configAllowEnvFlag())
    .action(async (file, { json, discover, ...flags }) => {
      const remote = remoteAccess(flags, process.env)
      const config = await loadConfig(file ?? flags['config.file'], {
        env: process.env,
        foreign: foreignFormats,
        remote,
        ...(discover && { discover }),
      })
      const rows = rowsOf(config)
      process.stdout.write(
        json
          ? `${JSON.stringify(
              rows.map(({ place, ...row }) => row),
              null,
              2,
            )}\n`
          : tableOf(rows),
      )
    })

interface Row {
  readonly name: string
  readonly kind: string
  /** Without secrets; absent for one that is judged on calls alone. */
  readonly address?: string
  /** What a person reads instead of the address; not in JSON. */
  readonly place?: string
  readonly interval?: string
  readonly labels: Readonly<Record<string, string>>
  /** It is not watched for now. Absent: it is. */
  readonly paused?: true
  /** What a source of targets says. */
  readonly note?: string
}

function rowsOf(config: Config): Row[] {
  const { callTargets, discovered = [] } = config
  const checked = listedTargets(config).map((target) => ({
    name: target.name,
    kind: target.check.kind,
    address: target.instance,
    place: placeOf(target),
    interval: formatDuration(target.interval),
    labels: target.labels,
    ...(target.paused && { paused: target.paused }),
  }))
  const calls = callTargets
    .filter(({ probed }) => !probed)
    .map(({ name, match, labels, paused }) => ({
      name,
      kind: 'calls',
      place: callsPlaceOf(match),
      labels,
      ...(paused && { paused }),
    }))
  const sources = discovered.map((one) => ({
    name: one.source.name,
    kind: 'targets_from',
    labels: {},
    note: describeSource(one),
  }))
  return [...checked, ...calls, ...sources]
}

function tableOf(rows: readonly Row[]): string {
  const columns = rows.map(({ name, kind, place = '', interval = '', labels, paused, note = '' }) => [
    name,
    kind,
    interval,
    place,
    ...Object.entries(labels).map(([label, value]) => `${label}=${value}`),
    ...(paused ? ['paused'] : []),
    note,
  ])
  const widths = [0, 1, 2].map((at) => Math.max(0, ...columns.map((row) => row[at]?.length ?? 0)))
  return columns
    .map((row) => visible(row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')).trimEnd())
    .map((line) => `${line}\n`)
    .join('')
}
