import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Fields } from '../shared/fields.ts'
import type { Imported, Importer } from '../shared/importer.ts'
import { Names, remarkText, renderNotify, renderTargets, type Entry } from '../shared/render.ts'
import { Secrets } from '../shared/secrets.ts'
import type { Remark } from '../shared/translation.ts'
import { readBackup } from './backup.ts'
import { isDatabase, readDatabase } from './database.ts'
import type { KumaFile } from './kuma-file.ts'
import { windowOf } from './maintenance.ts'
import { monitorOf } from './monitor.ts'
import { channelsOf } from './notifications.ts'
import { pagesOf } from './pages.ts'

/** Uptime Kuma knows up and down, and nothing between. */
const defaults = { expect: { max_latency: 'off', max_error_rate: 'off' } }

/** The file with the values of variables. */
const secretsFile = 'kuma.env'

/**
 * `probity import uptime-kuma`.
 *
 * Source of the format: https://github.com/louislam/uptime-kuma (server/model/monitor.js, db)
 */
export const uptimeKumaImporter: Importer = {
  name: 'uptime-kuma',
  summary: "Uptime Kuma's kuma.db, or the JSON backup of version 1",
  async read(given) {
    const isFolder = await stat(given).then(
      (stats) => stats.isDirectory(),
      () => false,
    )
    const path = isFolder ? join(given, 'kuma.db') : given
    return importedOf(path, (await isDatabase(path)) ? await readDatabase(path) : await readBackup(path))
  },
}

function importedOf(path: string, file: KumaFile): Imported {
  const secrets = new Secrets('KUMA')
  const channels = channelsOf(file.notifications, secrets)
  const surroundings = {
    monitors: new Map(file.monitors.map((monitor) => [idOf(monitor), monitor.text('name') ?? ''])),
    notifications: new Map(file.notifications.map((one) => [idOf(one), one.text('name') ?? ''])),
    channels: channels.names,
    proxies: new Map(file.proxies.map((proxy) => [idOf(proxy), proxy])),
    names: new Names(),
    secrets,
  }
  const outcomes = file.monitors.map((monitor) => [monitor, monitorOf(monitor, surroundings)] as const)
  const targets = outcomes.flatMap(([, outcome]) => ('keys' in outcome ? [outcome] : []))
  const left = outcomes.flatMap(([, outcome]) => ('keys' in outcome ? [] : [outcome]))
  const names = targetNames(outcomes)
  const windows = file.maintenances.map((one) => windowOf(one, { targets: names, timezone: file.timezone }))
  const maintenance = windows.filter((one): one is Entry => one !== undefined && 'keys' in one)
  const { pages, notes } = pagesOf(file.pages, names)
  const remarks = [
    ...[...channels.entries.values(), ...targets, ...maintenance].flatMap((entry) => entry.remarks),
    ...left,
    ...channels.left,
    ...windows.filter((one): one is Remark => one !== undefined && 'message' in one),
    ...notes,
  ]
  const web = pages.length === 0 ? {} : { web: { public: pages } }
  const notify = renderNotify(path, channels.entries)
  return {
    files: [
      { name: 'targets.yml', text: renderTargets(path, { defaults, maintenance, ...web, targets }) },
      ...(channels.entries.size === 0 ? [] : [{ name: 'notify.yml', text: notify }]),
      ...secrets.files(secretsFile),
    ],
    notes: [...remarks.map((remark) => remarkText(remark)), ...secrets.notes(secretsFile)],
  }
}

function idOf(fields: Fields): string {
  return fields.text('id') ?? ''
}

/** How deep groups may be in groups: a circle would have no end. */
const maxDepth = 20

/** The names of targets by the id of the monitor; of a group, those of all that is in it. */
function targetNames(
  outcomes: readonly (readonly [Fields, Entry | Remark])[],
): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>()
  const parents = new Map(outcomes.map(([monitor]) => [idOf(monitor), monitor.text('parent')]))
  for (const [monitor, outcome] of outcomes) {
    if (!('keys' in outcome)) continue
    const name = String(outcome.keys['name']).replaceAll('$${', '${')
    let id: string | undefined = idOf(monitor)
    for (let depth = 0; id !== undefined && depth < maxDepth; depth++) {
      const known = names.get(id)
      if (known) known.push(name)
      else names.set(id, [name])
      id = parents.get(id)
    }
  }
  return names
}
