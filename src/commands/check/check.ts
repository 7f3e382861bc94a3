import { existsSync } from 'node:fs'
import { Command } from '@commander-js/extra-typings'
import type { CallTarget } from '../../config/target/calls.ts'
import type { Config } from '../../config/config.ts'
import { formatDuration } from '../../settings/values/duration.ts'
import { ConfigError } from '../../settings/errors.ts'
import { loadConfig } from '../../config/load/load.ts'
import { loadMinitor } from '../../foreign/minitor/load.ts'
import { loadNotify } from '../../config/notify/load.ts'
import { channelNames, type NotifyConfig } from '../../config/notify/notify.ts'
import type { RemoteAccess } from '../../config/remote/source.ts'
import type { Target } from '../../config/target/target.ts'
import { notifyTypes } from '../../app/channels.ts'
import {
  configAllowEnvFlag,
  configFileFlag,
  configTokenFileFlag,
  remoteAccess,
} from '../flags/config-file.ts'
import { plural } from '../../lib/text/text.ts'
import { mayBeMissing, notifyFileFlag } from '../flags/notify-file.ts'
import { summarizeNotify } from './notify-summary.ts'
import { foreignFormats } from '../../foreign/index.ts'
import { remarksOn } from '../../app/remarks.ts'

/** `probity check [FILE]`: exit code 1 and every mistake with its place when the configuration is not valid. */
export const checkCommand = () =>
  new Command('check')
    .description('Validates a configuration and prints its summary.')
    .argument('[file]', 'file, directory or https:// URL that lists the targets')
    .addOption(notifyFileFlag())
    .addOption(configFileFlag())
    .addOption(configTokenFileFlag())
    .addOption(configAllowEnvFlag())
    .action(async (file, flags, command) => {
      const path = file ?? flags['config.file']
      const optional = mayBeMissing(command)
      // A Minitor file says itself who is notified. What is wrong with it is reported below.
      const minitor = await loadMinitor(path, process.env).catch(() => undefined)
      const notifyPath = minitor === undefined ? flags['notify.file'] : path
      const { config, notify } = await loadBoth(path, notifyPath, optional, remoteAccess(flags, process.env))
      process.stdout.write(summarize(path, config))
      process.stdout.write(
        minitor === undefined && optional && !existsSync(notifyPath)
          ? `${notifyPath}: missing, so nobody is notified: alerts are in the alerts log only\n`
          : summarizeNotify(notifyPath, notify, config),
      )
    })

/** Loads both files, so that the mistakes of both are reported in one run. */
async function loadBoth(
  path: string,
  notifyPath: string,
  optional: boolean,
  remote: RemoteAccess,
): Promise<{ config: Config; notify: NotifyConfig }> {
  const { env } = process
  const [notify] = await Promise.allSettled([
    loadNotify(notifyPath, { env, foreign: foreignFormats, types: notifyTypes }, optional),
  ])
  const channels = notify.status === 'fulfilled' ? { channels: channelNames(notify.value) } : {}
  const [config] = await Promise.allSettled([
    loadConfig(path, { env, foreign: foreignFormats, remote, ...channels }),
  ])
  if (notify.status === 'fulfilled' && config.status === 'fulfilled')
    return { config: config.value, notify: notify.value }
  const errors = [config, notify].flatMap((outcome): unknown[] =>
    outcome.status === 'rejected' ? [outcome.reason] : [],
  )
  const issues = errors.map((error) => (error instanceof ConfigError ? error.issues : undefined))
  if (issues.includes(undefined)) throw errors[0]
  throw new ConfigError(issues.flatMap((found) => found ?? []))
}

/** What a valid configuration holds, for a person. */
export function summarize(path: string, config: Config): string {
  const calls = config.callTargets.filter(({ probed }) => !probed)
  const width = Math.max(0, ...[...config.targets, ...calls].map(({ name }) => name.length))
  const rows = [...config.targets.map(probeColumns), ...calls.map(callColumns)]
  const lines = rows.map(([name = '', ...columns]) =>
    [`  ${name.padEnd(width)}`, ...columns].filter((part) => part !== '').join('  '),
  )
  const counts = [
    plural(rows.length, 'target'),
    plural(config.moduleNames.length, 'module'),
    plural(config.vendors.size, 'vendor'),
  ]
  const warnings = remarksOn(config).map((words) => `warning: ${words}`)
  return `${path}: valid, ${counts.join(', ')}\n${[...lines, ...warnings].map((line) => `${line}\n`).join('')}`
}

function probeColumns({ name, check, instance, interval, alertAfter }: Target): string[] {
  const never = 'never down, regardless of its checks'
  return [
    name,
    check.kind,
    instance === name ? '' : instance,
    `every ${formatDuration(interval)}`,
    Number.isFinite(alertAfter) ? `alert after ${formatDuration(alertAfter)} of failing` : never,
  ]
}

function callColumns({ name, match }: CallTarget): string[] {
  const patterns = Object.entries(match).map(([part, { source }]) => `${part} ${source}`)
  return [name, 'calls', patterns.join(', ')]
}
