import { existsSync } from 'node:fs'
import { Command } from '@commander-js/extra-typings'
import type { CallTarget } from '../../config/target/calls.ts'
import { listedTargets, type Config } from '../../config/config.ts'
import { describeSource } from '../../config/discovery/words.ts'
import { durationWords, formatDuration } from '../../settings/values/duration.ts'
import { formatRatio } from '../../settings/values/ratio.ts'
import { ConfigError } from '../../settings/errors.ts'
import { loadConfig } from '../../config/load/load.ts'
import { loadMinitor } from '../../foreign/minitor/load.ts'
import { loadNotify } from '../../config/notify/load.ts'
import { channelNames, type NotifyConfig } from '../../config/notify/notify.ts'
import { readPosts } from '../../config/posts/store.ts'
import type { RemoteAccess } from '../../config/remote/source.ts'
import type { Target } from '../../config/target/target.ts'
import { notifyTypes } from '../../app/channels.ts'
import {
  configAllowEnvFlag,
  configFileFlag,
  configTokenFileFlag,
  discoverFlag,
  remoteAccess,
} from '../flags/config-file.ts'
import { plural, visible } from '../../lib/text/text.ts'
import { flag } from '../flags/flags.ts'
import { mayBeMissing, notifyFileFlag } from '../flags/notify-file.ts'
import { webConfigFlag } from '../flags/access.ts'
import { summarizeNotify } from './notify-summary.ts'
import { placeOf } from './place.ts'
import { summarizeWeb } from './web-summary.ts'
import { loadWebConfig } from '../../access/web-config/running.ts'
import { noWebConfig, type WebConfig } from '../../access/web-config/web-config.ts'
import { askTargets, neverCalled } from '../../app/running/status.ts'
import { runningPlace, runningTokenFlag } from '../flags/running.ts'
import { foreignFormats } from '../../foreign/index.ts'
import { remarksOn } from '../../app/remarks.ts'

/** `probity check [FILE]`: exit code 1 and every mistake with its place when the configuration is not valid. */
export const checkCommand = () =>
  new Command('check')
    .description('Validates a configuration and prints its summary.')
    .argument('[file]', 'file, directory or https:// URL that lists the targets')
    .addOption(notifyFileFlag())
    .addOption(discoverFlag())
    .addOption(configFileFlag())
    .addOption(configTokenFileFlag())
    .addOption(configAllowEnvFlag())
    .addOption(webConfigFlag())
    .addOption(askedUrlFlag())
    .addOption(runningTokenFlag())
    .action(async (file, flags, command) => {
      const path = file ?? flags['config.file']
      const optional = mayBeMissing(command)
      // A Minitor file says itself who is notified. What is wrong with it is reported below.
      const minitor = await loadMinitor(path, process.env).catch(() => undefined)
      const notifyPath = minitor === undefined ? flags['notify.file'] : path
      const webPath = flags['web.config.file']
      const remote = remoteAccess(flags, process.env)
      const { config, notify, web } = await loadAll({
        path,
        notifyPath,
        webPath,
        optional,
        remote,
        discover: flags.discover ?? false,
      })
      process.stdout.write(summarize(path, config))
      process.stdout.write(
        minitor === undefined && optional && !existsSync(notifyPath)
          ? `${notifyPath}: missing, so nobody is notified: alerts are in the alerts log only\n`
          : summarizeNotify(notifyPath, notify, config),
      )
      if (webPath !== undefined) process.stdout.write(summarizeWeb(webPath, web))
      const { url, tokenFile } = flags
      if (url === undefined) return
      const running = await askTargets(await runningPlace({ url, tokenFile }))
      const names = config.callTargets.map(({ name }) => name)
      process.stdout.write(summarizeCalls(url, neverCalled(names, running)))
    })

/** `--url`: nobody is asked without it, because a configuration is often checked where nothing runs. */
const askedUrlFlag = () =>
  flag('--url <url>', 'also asks the exporter or solo that runs there which targets no call has reached')

interface FilesToCheck {
  readonly path: string
  readonly notifyPath: string
  readonly webPath: string | undefined
  /** Whether notify.yml may be missing. */
  readonly optional: boolean
  readonly remote: RemoteAccess
  readonly discover: boolean
}

/** Loads all files, so that the mistakes of all are reported in one run. */
async function loadAll({
  path,
  notifyPath,
  webPath,
  optional,
  remote,
  discover,
}: FilesToCheck): Promise<{ config: Config; notify: NotifyConfig; web: WebConfig }> {
  const { env } = process
  const [notify, web] = await Promise.allSettled([
    loadNotify(notifyPath, { env, foreign: foreignFormats, types: notifyTypes }, optional),
    webPath === undefined ? noWebConfig : loadWebConfig(webPath, env),
  ])
  const channels = notify.status === 'fulfilled' ? { channels: channelNames(notify.value) } : {}
  const [config] = await Promise.allSettled([
    loadConfig(path, { env, foreign: foreignFormats, remote, discover, origins: true, ...channels }),
  ])
  const { issues: wrongPosts } = await readPosts(path)
  const [posts] = await Promise.allSettled([
    wrongPosts.length === 0 ? undefined : Promise.reject(new ConfigError(wrongPosts)),
  ])
  if (
    notify.status === 'fulfilled' &&
    config.status === 'fulfilled' &&
    web.status === 'fulfilled' &&
    posts.status === 'fulfilled'
  )
    return { config: config.value, notify: notify.value, web: web.value }
  const errors = [config, notify, web, posts].flatMap((outcome): unknown[] =>
    outcome.status === 'rejected' ? [outcome.reason] : [],
  )
  const issues = errors.map((error) => (error instanceof ConfigError ? error.issues : undefined))
  if (issues.includes(undefined)) throw errors[0]
  throw new ConfigError(issues.flatMap((found) => found ?? []))
}

/** What a valid configuration holds, for a person. */
export function summarize(path: string, config: Config): string {
  const calls = callsAlone(config)
  const checked = listedTargets(config)
  const width = Math.max(0, ...[...checked, ...calls].map(({ name }) => name.length))
  const rows = [...checked.map(probeColumns), ...calls.map(callColumns)]
  const lines = rows.map(([name = '', ...columns]) =>
    visible([`  ${name.padEnd(width)}`, ...columns].filter((part) => part !== '').join('  ')),
  )
  const counts = [
    plural(rows.length, 'target'),
    plural(config.moduleNames.length, 'module'),
    plural(config.vendors.size, 'vendor'),
  ]
  const sources = (config.discovered ?? [])
    .filter(({ asked }) => !asked)
    .map((one) => `  note: ${one.source.name} in targets_from: ${describeSource(one)}`)
  const inherited = checked.flatMap((target) => fromSpecification(target, config))
  const warnings = remarksOn(config).map((words) => `warning: ${words}`)
  return `${path}: valid, ${counts.join(', ')}\n${[...lines, ...sources, ...inherited, ...warnings].map((line) => `${line}\n`).join('')}`
}

/** Which of a target's thresholds its specification gives, and where. */
function fromSpecification({ name, expect, severity }: Target, { originOf }: Config): string[] {
  const { maxLatency, maxErrorRatio, slo } = expect
  const values = [
    ['expect.max_latency', Number.isFinite(maxLatency) ? formatDuration(maxLatency) : 'off'],
    ['expect.max_error_rate', formatRatio(maxErrorRatio)],
    ['expect.slo', formatRatio(slo)],
    ['severity', severity],
  ] as const
  return values.flatMap(([key, value]) => {
    const origin = originOf?.(name, key.split('.'))
    return origin?.startsWith('specification, ') ? [`  note: ${name}: ${key} is ${value} (${origin})`] : []
  })
}

/** The targets that are judged on calls alone. */
function callsAlone({ callTargets }: Config): CallTarget[] {
  return callTargets.filter(({ probed }) => !probed)
}

function summarizeCalls(url: string, warnings: readonly string[]): string {
  const first =
    warnings.length === 0 ? 'calls have reached every target that has calls:' : 'calls are missing'
  return `${url}: ${first}\n${warnings.map((words) => `warning: ${words}\n`).join('')}`
}

function probeColumns(target: Target): string[] {
  const { name, check, interval, alertAfter, paused } = target
  const never = 'never down, regardless of its checks'
  const alerts = Number.isFinite(alertAfter) ? `alert after ${durationWords(alertAfter)} of failing` : never
  return [
    name,
    check.kind,
    placeOf(target),
    `${check.kind === 'heartbeat' ? 'judged ' : ''}every ${durationWords(interval)}`,
    paused ? 'paused' : alerts,
  ]
}

function callColumns({ name, match, paused }: CallTarget): string[] {
  const patterns = Object.entries(match).map(([part, { source }]) => `${part} ${source}`)
  return [name, 'calls', patterns.join(', '), paused ? 'paused' : '']
}
