import { stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { codeOf } from '../../lib/errors.ts'
import { didYouMean } from '../../settings/values/closest.ts'
import { ConfigError } from '../../settings/errors.ts'
import { Issues, type Place } from '../../settings/issues.ts'
import type { LoadOptions } from '../load/options.ts'
import { inOurWords } from '../foreign.ts'
import { isMapping, read, type Reading } from '../document/parts.ts'
import { formatPath } from '../../settings/path.ts'
import { createExpander } from '../../settings/secrets.ts'
import { readSources, type Sources } from '../../settings/sources.ts'
import { durationUpTo, word } from '../../settings/values/scalars.ts'
import { asText, keys, kindOf, oneOrMany, seen } from '../../settings/values/value.ts'
import { parseYaml } from '../../settings/yaml/yaml.ts'
import { refuseNone } from '../../settings/sources.ts'
import { readChannels } from './channels.ts'
import { matchers } from './matchers.ts'
import { logChannelName, type ChannelTypes, type NotifyConfig, type Route } from './notify.ts'
import { readPeers } from './peers.ts'
import { quietHours } from './quiet-hours.ts'
import { repeat } from './repeat.ts'
import { readReports } from './reports.ts'

export interface LoadNotifyOptions extends LoadOptions {
  readonly types: ChannelTypes
}

/** Nobody is notified of anything, except the log. */
export const noNotify: NotifyConfig = { channels: [], leftOut: [], routes: [], files: [] }

/** One of `routes:`. */
export const routeSchema = keys({
  match: matchers
    .default([])
    .describe(
      'The labels of the alerts it applies to: `{ label: value }`, `{ label: "~regex" }`, or a list of matchers of Alertmanager. Default: all.',
    ),
  channels: oneOrMany(asText, { type: 'string' }).describe('The channels that are notified, one or a list.'),
  repeat: repeat
    .optional()
    .describe(
      'How often an alert that still fires is repeated: `exponential`, `once`, `1h`, or `5` (failed checks). Default: `1h` if it is critical, otherwise `4h`.',
    ),
  quiet_hours: quietHours.optional().describe('A time of day when nobody is notified. Default: none.'),
  after: durationUpTo(7 * 86_400, '7d')
    .optional()
    .describe(
      'How long an alert has to fire, neither silenced nor acknowledged, before these channels are notified, such as `15m`. Default: they are notified at once.',
    ),
  unless: word(['acknowledged'])
    .optional()
    .describe('`acknowledged`: says what `after` does anyway. Default: the same.'),
}).superRefine(({ after, unless }, context) => {
  if (unless !== undefined && after === undefined)
    context.addIssue({
      code: 'custom',
      path: ['unless'],
      message: 'needs after: nobody can acknowledge an alert before it is sent',
    })
})

const ofTargets = 'belongs in targets.yml, which --config.file names'

const topKeys = ['channels', 'routes', 'reports', 'peers'] as const

/**
 * Loads notify.yml.
 *
 * @param optional Whether the file may be missing: then there is only the log.
 * @throws {@link ConfigError} `CONFIG_INVALID` with everything that is wrong, in the order of the file.
 */
export async function loadNotify(
  path: string,
  options: LoadNotifyOptions,
  optional = false,
): Promise<NotifyConfig> {
  return parseNotify(await readNotifySources(path, optional), options)
}

/**
 * Reads the file.
 *
 * @param optional Whether it may be missing.
 * @throws {@link ConfigError}
 */
export async function readNotifySources(path: string, optional: boolean): Promise<Sources> {
  if (optional && (await isMissing(path)))
    return { sources: [], directory: dirname(resolve(path)), files: [resolve(path)] }
  return refuseNone(
    path,
    await readSources(path, ': probity init writes one, and --notify.file names another'),
  )
}

async function isMissing(path: string): Promise<boolean> {
  return stat(path).then(
    () => false,
    (error: unknown) => codeOf(error) === 'ENOENT',
  )
}

/**
 * Makes a configuration of what was read.
 *
 * @throws {@link ConfigError}
 */
export function parseNotify(
  { sources, directory, files }: Sources,
  options: LoadNotifyOptions,
): NotifyConfig {
  const expander = createExpander({ ...options, directory })
  const issues = new Issues(
    sources.map(({ file }) => file),
    expander,
  )
  const reading: Reading = { issues, expander }
  let config: Omit<NotifyConfig, 'files'> = noNotify
  for (const { file, text } of sources) {
    const { tree, problems } = parseYaml(text)
    for (const { path, ...problem } of problems) issues.addRaw({ file, ...problem, path: formatPath(path) })
    const ours = tree && inOurWords('asNotify', { file, tree }, options.foreign ?? [], reading)
    if (ours === undefined) continue
    config = readTop(ours.value, { source: { file, tree: ours }, at: [] }, reading, { ...options, directory })
  }
  const read = [...files, ...expander.files]
  if (!issues.empty) throw new ConfigError(issues.sorted(), read)
  return { ...config, files: read }
}

function readTop(
  file: unknown,
  top: Place,
  reading: Reading,
  { types, env, directory }: LoadNotifyOptions & Pick<Sources, 'directory'>,
): Omit<NotifyConfig, 'files'> {
  const { issues, expander } = reading
  // A file of comments only is valid: everything in it is optional.
  if (file === null) return noNotify
  if (!isMapping(file)) {
    issues.add(top, [], 'value', `expected a mapping with channels: and routes:, got ${kindOf(file)}`)
    return noNotify
  }
  for (const key of Object.keys(file)) {
    if (topKeys.some((known) => known === key) || key.startsWith('x-')) continue
    issues.add(top, [key], 'key', key === 'targets' ? ofTargets : `unknown key${didYouMean(key, topKeys)}`)
  }
  const place = (...at: (string | number)[]): Place => ({ source: top.source, at })
  const { names, ...read } = readChannels(file['channels'], place('channels'), {
    issues,
    types,
    env,
    expander,
  })
  const peers = readPeers(file['peers'], place, reading)
  const { channels } = read
  const reports = readReports(file['reports'], place, reading, { channels, names, types, directory })
  return {
    ...read,
    routes: readRoutes(file['routes'], place, reading, [logChannelName, ...names]),
    ...(peers.length > 0 && { peers }),
    ...(reports.length > 0 && { reports }),
  }
}

function readRoutes(
  written: unknown,
  place: (...at: (string | number)[]) => Place,
  reading: Reading,
  names: readonly string[],
): Route[] {
  if (written === undefined || written === null) return []
  if (!Array.isArray(written)) {
    reading.issues.add(place('routes'), [], 'value', `expected a list of routes, got ${kindOf(written)}`)
    return []
  }
  return written.flatMap((item: unknown, index) => {
    const at = place('routes', index)
    const { value: route } = read(routeSchema, item, at, reading)
    if (route === undefined) return []
    for (const [position, name] of route.channels.entries()) {
      if (names.includes(name)) continue
      const one = isMapping(item) && Array.isArray(item['channels'])
      const message = `there is no channel ${seen}${didYouMean(name, names)}`
      reading.issues.add(at, one ? ['channels', position] : ['channels'], 'value', message)
    }
    return [
      {
        matchers: route.match,
        channels: route.channels,
        ...(route.repeat && { repeat: route.repeat }),
        ...(route.quiet_hours && { quietHours: route.quiet_hours }),
        ...(route.after !== undefined && { after: route.after }),
      },
    ]
  })
}
