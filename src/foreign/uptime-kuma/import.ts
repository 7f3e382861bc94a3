import { ProbityError } from '../../lib/errors.ts'
import { Fields } from '../shared/fields.ts'
import type { Remark } from '../shared/translation.ts'
import type { Importer } from '../shared/importer.ts'
import { Names, remarkText, renderTargets, type Entry } from '../shared/render.ts'
import { readForeign } from '../shared/foreign-file.ts'
import { monitorOf } from './monitor.ts'

/** Uptime Kuma knows up and down, and nothing between. */
const defaults = { expect: { max_latency: 'off', max_error_rate: 'off' } }

/**
 * `probity import uptime-kuma`.
 *
 * Source of the format: https://github.com/louislam/uptime-kuma (server/model/monitor.js, the backup of its settings)
 */
export const uptimeKumaImporter: Importer = {
  name: 'uptime-kuma',
  summary: "Uptime Kuma's JSON backup",
  async read(path) {
    const { tree } = await readForeign(path)
    const value = Array.isArray(tree.value) ? { monitorList: tree.value } : tree.value
    const file = new Fields(value)
    if (!file.has('monitorList'))
      throw new ProbityError('IMPORT_UNKNOWN', `${path} is not an Uptime Kuma backup: it has no monitorList`)
    const surroundings = {
      monitors: namesById(file, 'monitorList'),
      notifications: namesById(file, 'notificationList'),
      proxies: new Map(file.items('proxyList').map((proxy) => [proxy.text('id') ?? '', proxy])),
      names: new Names(),
    }
    const outcomes = file.items('monitorList').map((monitor) => monitorOf(monitor, surroundings))
    const entries = outcomes.filter((outcome): outcome is Entry => 'keys' in outcome)
    const left = outcomes.filter((outcome): outcome is Remark => !('keys' in outcome))
    return {
      files: [{ name: 'targets.yml', text: renderTargets(path, { defaults, targets: entries }) }],
      notes: [...entries.flatMap(({ remarks }) => remarks), ...left].map((remark) => remarkText(remark)),
    }
  },
}

function namesById(file: Fields, key: string): Map<string, string> {
  return new Map(file.items(key).map((item) => [item.text('id') ?? '', item.text('name') ?? '']))
}
