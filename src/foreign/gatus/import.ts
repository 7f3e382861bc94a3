import { ProbityError } from '../../lib/errors.ts'
import { Fields } from '../shared/fields.ts'
import type { Remark } from '../shared/translation.ts'
import type { Importer } from '../shared/importer.ts'
import { Names, type Entry } from '../shared/render.ts'
import { Secrets } from '../shared/secrets.ts'
import { importedTargets } from '../shared/imported.ts'
import { isMapping } from '../../config/document/parts.ts'
import { windowOf } from './maintenance.ts'
import { suiteOf } from './suite.ts'
import { readForeign } from '../shared/foreign-file.ts'
import { endpointOf } from './endpoint.ts'
import { channelsOf } from './channels.ts'
import { externalOf } from './external.ts'
import { withReferences } from './variables.ts'

/** Gatus knows up and down, and nothing between, unless a condition says so. */
const defaults = { expect: { max_latency: 'off', max_error_rate: 'off' } }

/** Keys at the top that are about the program itself. */
const ofProgram = [
  'metrics',
  'web',
  'ui',
  'concurrency',
  'disable-monitoring-lock',
  'skip-invalid-config-update',
  'debug',
]

/** What to say about keys at the top that cannot be carried over. */
const advice: Readonly<Record<string, string>> = {
  storage: 'results are kept under --storage.path, or where DATABASE_URL says',
  security: 'put a reverse proxy in front: docs/operations.md',
  connectivity: 'let every target depend on one that is always there: depends_on',
  remote: 'results of other instances are not read: Prometheus joins them',
  announcements: 'write posts for the public page: docs/status-page.md',
}

/**
 * `probity import gatus`.
 *
 * Source of the format: https://github.com/TwiN/gatus (README.md)
 */
export const gatusImporter: Importer = {
  name: 'gatus',
  summary: "Gatus' config.yaml",
  async read(path) {
    const { tree } = await readForeign(path)
    const file = new Fields(withReferences(tree.value))
    if (!['endpoints', 'external-endpoints', 'suites'].some((key) => file.has(key)))
      throw new ProbityError('IMPORT_UNKNOWN', `${path} is not a Gatus file: it has no list of endpoints`)
    const entries: Entry[] = []
    const left: Remark[] = []
    const names = new Names()
    const secrets = new Secrets('GATUS')
    const providers = file.below('alerting')
    const { entries: channels, left: without } = channelsOf(providers, secrets)
    left.push(...without)
    const alerting = { providers, channels }
    const collect = (outcome: Entry | Remark): void => {
      if ('keys' in outcome) entries.push(outcome)
      else left.push(outcome)
    }
    for (const endpoint of file.items('endpoints')) collect(endpointOf(endpoint, alerting, names))
    for (const endpoint of file.items('external-endpoints')) collect(externalOf(endpoint, alerting, names))
    for (const suite of file.items('suites')) collect(suiteOf(suite, names))
    const maintenance = file.has('maintenance') ? windowOf(file.below('maintenance')) : 'off'
    if (maintenance === undefined)
      left.push({ path: ['maintenance'], message: 'write maintenance: docs/targets.md' })
    for (const key of ofProgram) file.take(key)
    for (const [key, message] of Object.entries(advice))
      if (file.take(key) !== undefined) left.push({ path: [key], message })
    const unknown = file.left().filter(({ length }) => length === 1)
    left.push(...unknown.map((path) => ({ path, message: 'is not supported here' })))
    const windows = isMapping(maintenance) ? [{ keys: maintenance, remarks: [] }] : []
    return importedTargets(path, {
      outcomes: entries,
      left,
      defaults,
      maintenance: windows,
      channels,
      secrets: { kept: secrets, file: 'gatus.env' },
    })
  },
}
