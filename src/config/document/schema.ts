import { severities } from '../target/severity.ts'
import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import { callsSchema } from '../target/calls.ts'
import { kinds } from '../../checks/index.ts'
import type { Given } from '../../checks/kind.ts'
import { dependsOn } from '../target/depends-on.ts'
import { checkLabelName, readLabelValue } from '../../settings/values/labels.ts'
import { maintenanceOfTarget, maintenanceSchema } from './maintenance.ts'
import { repeat } from '../notify/repeat.ts'
import { notify } from '../notify/target.ts'
import {
  alertAfter,
  alertQuorum,
  days,
  durationUpTo,
  flag,
  latency,
  link,
  patternJson,
  ratio,
  ratioOrOff,
  readAnchoredPattern,
  word,
} from '../../settings/values/scalars.ts'
import { asText, keys, mapping, oneOrMany, seen, value, ValueError } from '../../settings/values/value.ts'
import { webSchema } from './web.ts'

type Intersection<U> = (U extends unknown ? (of: U) => void : never) extends (of: infer I) => void ? I : never
type Kind = (typeof kinds)[number]

// What the kinds bring is only known as a list; the types are put together as the objects are.
const checkShape = Object.assign({}, ...kinds.map(({ shape }) => shape)) as Intersection<Kind['shape']>
const checkExpectShape = Object.assign({}, ...kinds.map(({ expectShape }) => expectShape)) as Intersection<
  Kind['expectShape']
>

const expectShape = {
  max_latency: latency.optional(),
  max_error_rate: ratioOrOff(1).optional(),
  slo: ratioOrOff(0).optional(),
  certificate_days: days.optional(),
  ...checkExpectShape,
}

function readName(input: unknown): string {
  const name = asText(input)
  if (name === '' || name.trim() !== name || /\p{Cc}/u.test(name)) {
    throw new ValueError('is no name: expected text without spaces around it and without line breaks')
  }
  return name
}

const commonShape = {
  interval: durationUpTo(30 * 86_400, '30d').optional(),
  timeout: durationUpTo(86_400, '1d').optional(),
  alert_after: alertAfter.optional(),
  alert_quorum: alertQuorum.optional(),
  depends_on: dependsOn.nullable().optional(),
  maintenance: maintenanceOfTarget.nullable().optional(),
  severity: word(severities).optional(),
  labels: mapping(checkLabelName, value(readLabelValue, { type: ['string', 'null'] }), {
    description: 'Become labels of every metric of the target; ~ takes an inherited one away.',
  }).optional(),
  runbook: link.nullable().optional(),
  notify: notify.nullable().optional(),
  repeat: repeat.nullable().optional(),
  expect: keys(expectShape).optional(),
}

const shape = {
  name: value(readName, {
    type: 'string',
    minLength: 1,
    description: 'Unique among all targets.',
  }).optional(),
  module: value(readName, { type: 'string', description: 'The module to inherit from.' }).optional(),
  calls: callsSchema.optional(),
  ...checkShape,
  ...commonShape,
}

const nested = { expect: Object.keys(expectShape) }

/** What a target may have, and what it inherits; everything is optional, because every part may leave it to another. */
export const targetSchema = keys(shape, nested)

/** A target's settings as far as one part of the file gives them. */
export type Settings = z.output<typeof targetSchema>

/** The shape without some keys, as a schema of its own that knows what to suggest. */
function without(...names: readonly string[]): z.ZodType<Settings> {
  const entries = Object.entries(shape).filter(([name]) => !names.includes(name))
  return keys(Object.fromEntries(entries) as typeof shape, nested)
}

const selectors = kinds.map(({ key }) => key)

/** `defaults:` */
export const defaultsSchema = without('name', 'calls', 'depends_on', ...selectors)

/** One of `modules:` */
export const moduleSchema = without('name', 'module', 'calls', ...selectors)

/** One of `vendors:` */
export const vendorSchema = keys({
  sla: ratio.optional(),
  sla_excludes_maintenance: flag.optional(),
  url: link.optional(),
})

function readNetwork(input: unknown): string {
  const text = asText(input)
  if (ipaddr.isValid(text)) return `${text}/${ipaddr.parse(text).kind() === 'ipv4' ? 32 : 128}`
  if (ipaddr.isValidCIDR(text)) return text
  throw new ValueError(`${seen} is no network: expected one such as 10.0.0.0/8 or fd00::/8`)
}

/** `probe:` */
export const probeSchema = keys({
  allow: oneOrMany(readAnchoredPattern, {
    ...patternJson,
    description: 'A regex in RE2 syntax that a whole URL must match.',
  }).optional(),
  allow_networks: oneOrMany(readNetwork, { type: 'string' }).optional(),
})

/** One group of the seed format: a list of `- targets: [url, ...]` at the top of the file. */
export const seedSchema = keys({
  targets: z.array(z.unknown(), { error: 'expected a list of URLs' }),
  labels: commonShape.labels,
})

const shortForm = z.string().meta({ pattern: '^([hH][tT][tT][pP][sS]?://|.*\\$\\{)' })

/** The top of a file. */
export const fileSchema = keys({
  defaults: defaultsSchema.optional(),
  modules: z.record(z.string(), moduleSchema).optional(),
  modules_from: oneOrMany(asText, {
    type: 'string',
    description:
      'A blackbox.yml whose modules are modules here; its path starts from the folder of this file.',
  }).optional(),
  vendors: z.record(z.string(), vendorSchema).optional(),
  probe: probeSchema.optional(),
  maintenance: z.array(maintenanceSchema).optional(),
  web: webSchema.optional(),
  targets: z.array(z.union([shortForm, targetSchema])).optional(),
}).meta({ patternProperties: { '^x-': {} } })

/** A whole file in either of its forms, for editors: the loader validates part by part, to find every mistake. */
export const documentSchema = z.union([
  fileSchema,
  z.array(seedSchema.extend({ targets: z.array(shortForm) })),
])

/** Settings with everything that the built-in defaults give, and with the key that selects the kind. */
export type CompleteSettings = Intersection<Parameters<Kind['toCheck']>[0]> &
  Given<Settings, 'interval' | 'alert_after' | 'severity'> &
  Settings & {
    readonly expect: Given<
      NonNullable<Settings['expect']>,
      'max_latency' | 'max_error_rate' | 'certificate_days'
    >
  }
