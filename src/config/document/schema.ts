import { readName } from '../target/name.ts'
import { severities } from '../target/severity.ts'
import { z } from 'zod'
import { callsSchema } from '../target/calls.ts'
import { kinds } from '../../checks/index.ts'
import type { Given } from '../../checks/kind.ts'
import { sourceShape } from '../discovery/schema.ts'
import { dependsOn } from '../target/depends-on.ts'
import { checkLabelName, readLabelValue } from '../../settings/values/labels.ts'
import { maintenanceOfTarget, maintenanceSchema } from './maintenance.ts'
import { repeat } from '../notify/repeat.ts'
import { notify } from '../notify/target.ts'
import {
  alertAfter,
  alertQuorum,
  durationUpTo,
  flag,
  link,
  patternJson,
  ratio,
  recoverAfter,
  readAnchoredPattern,
  word,
} from '../../settings/values/scalars.ts'
import { readNetwork } from '../../settings/values/network.ts'
import { asText, keys, mapping, oneOrMany, value } from '../../settings/values/value.ts'
import { thresholdShape } from './thresholds.ts'
import { vendorStatus } from './vendor-status.ts'
import { webSchema } from './web.ts'

type Intersection<U> = (U extends unknown ? (of: U) => void : never) extends (of: infer I) => void ? I : never
type Kind = (typeof kinds)[number]

// What the kinds bring is only known as a list; the types are put together as the objects are.
const checkShape = Object.assign({}, ...kinds.map(({ shape }) => shape)) as Intersection<Kind['shape']>
const checkExpectShape = Object.assign({}, ...kinds.map(({ expectShape }) => expectShape)) as Intersection<
  Kind['expectShape']
>

const expectShape = { ...thresholdShape, ...checkExpectShape }

/** The keys of a target that every kind of check has, in the order of the documentation. */
export const commonShape = {
  enabled: flag
    .optional()
    .describe(
      'Whether the target is watched. `false` pauses it: it is not checked, and none of its alerts fires, but its page and its past remain. Default: `true`.',
    ),
  interval: durationUpTo(30 * 86_400, '30d')
    .optional()
    .describe('Time between two checks, up to `30d`. Default: `30s`.'),
  timeout: durationUpTo(86_400, '1d')
    .optional()
    .describe(
      'Timeout of one check; must be shorter than the interval. Default: `10s`, or nine tenths of a shorter interval.',
    ),
  retry: durationUpTo(86_400, '1d')
    .nullable()
    .optional()
    .describe(
      'A check that fails is made again after this time, and only if it fails again, the failure counts. Twice the timeout and this time must fit into the interval. Not for `heartbeat`; `~` removes an inherited one. Default: a failure counts at once.',
    ),
  alert_after: alertAfter
    .optional()
    .describe(
      'When a target counts as down: after this many failed checks in a row, or after failing for this long (`15m`), which suits flaky services. `off`: TargetDown never fires. Default: `3`.',
    ),
  recover_after: recoverAfter
    .optional()
    .describe(
      'When a target that is down has recovered: after this many successful checks in a row. TargetDown does not end before. Default: `1`.',
    ),
  alert_quorum: alertQuorum
    .optional()
    .describe(
      'With exporters at several locations: how many of them must find the target down before TargetDown begins. Default: `1`.',
    ),
  depends_on: dependsOn
    .nullable()
    .optional()
    .describe(
      'The targets without which this one cannot work: a name or a list. Not in `defaults`; `~` removes inherited ones. Default: none.',
    ),
  maintenance: maintenanceOfTarget
    .nullable()
    .optional()
    .describe(
      'When the target is in maintenance, in addition to the windows at the top of the file; `~` removes inherited ones. Default: never.',
    ),
  severity: word(severities)
    .optional()
    .describe(
      'The severity of TargetDown and TargetFlapping: `critical`, `warning` or `info`. Default: `critical`.',
    ),
  job: value(readLabelValue, { type: ['string', 'null'] })
    .optional()
    .describe(
      'The label `job` of the target in Prometheus, for rules and dashboards that select it. `~` removes an inherited one. Default: the name of the job that reads `/sd`.',
    ),
  labels: mapping(checkLabelName, value(readLabelValue, { type: ['string', 'null'] }), {
    description:
      'Labels of every metric of the target, to route alerts by and to group dashboards by. The label `vendor` names one of `vendors`. `~` removes an inherited one. Default: none.',
  }).optional(),
  runbook: link
    .nullable()
    .optional()
    .describe(
      'A link for the person on call; `~` removes an inherited one. Default: the section of the alert in docs/alerts.md.',
    ),
  notify: notify
    .nullable()
    .optional()
    .describe(
      'The channels of notify.yml that are notified, instead of those of the routes: a name or a list. Becomes the label `notify`. `~` removes inherited ones. Default: what the routes say.',
    ),
  repeat: repeat
    .nullable()
    .optional()
    .describe(
      'How often an alert that still fires is repeated: `exponential`, `once`, `1h`, or `5` (failed checks). Becomes the label `repeat`. `~` removes an inherited one. Default: what the routes say.',
    ),
  traceroute: flag
    .optional()
    .describe(
      'Whether the way to the target is traced, with `traceroute` or `tracepath` of the system, when its checks begin to fail because nothing answers. Default: `false`.',
    ),
  expect: keys(expectShape).optional().describe('What is expected of the target.'),
}

/** The keys of a target that are its own: it does not inherit them, but for the module. */
export const ownShape = {
  name: value(readName, {
    type: 'string',
    minLength: 1,
    description:
      'Unique among all targets; required unless only a URL is written. The label `target` of every metric and alert.',
  }).optional(),
  was: oneOrMany(readName, { type: 'string', description: 'A name that the target had before.' })
    .optional()
    .describe(
      'The names that the target had before, one or a list: its history and its firing alerts continue under the new name. Default: none.',
    ),
  module: value(readName, {
    type: 'string',
    description: 'The module to inherit from. Default: none.',
  }).optional(),
  calls: callsSchema
    .optional()
    .describe('Which calls of your own programs must meet the same expectations. Default: none.'),
}

const shape = {
  ...ownShape,
  ...checkShape,
  ...commonShape,
}

const nested = { expect: Object.keys(expectShape) }

/** What a target may have, and what it inherits; everything is optional, because every part may leave it to another. */
export const targetSchema = keys(shape, nested)

/** The settings of a target that one part of the file gives. */
export type Settings = z.output<typeof targetSchema>

/** The shape without some keys, as a separate schema that knows what to suggest. */
function without(...names: readonly string[]): typeof targetSchema {
  const entries = Object.entries(shape).filter(([name]) => !names.includes(name))
  return keys(Object.fromEntries(entries) as typeof shape, nested)
}

const selectors = kinds.map(({ key }) => key)

/** `defaults:` */
export const defaultsSchema = without('name', 'was', 'calls', 'depends_on', ...selectors)

/** One of `modules:` */
export const moduleSchema = without('name', 'was', 'module', 'calls', ...selectors)

/** `template:` of an entry of `targets_from:`. */
export const templateSchema = without('was', 'calls')

/** One of `vendors:` */
export const vendorSchema = keys({
  sla: ratio
    .optional()
    .describe('The availability that it promises, a share such as `99.9%`. Default: none.'),
  sla_excludes_maintenance: flag
    .optional()
    .describe('Whether time in maintenance counts neither as up nor as down. Default: `false`.'),
  url: link.optional().describe('Where it publishes its own state, an http or https URL. Default: none.'),
  status: vendorStatus
    .optional()
    .describe(
      'Where it publishes its own state for machines, read every minute: a URL, or a mapping. Default: none.',
    ),
})

/** `probe:` */
export const probeSchema = keys({
  allow: oneOrMany(readAnchoredPattern, {
    ...patternJson,
    description: 'A regex in RE2 syntax that a whole URL must match.',
  })
    .optional()
    .describe(
      'URLs that may be probed without being configured: regexes in RE2 syntax that a whole URL must match, one or a list. Default: none.',
    ),
  allow_networks: oneOrMany(readNetwork, { type: 'string' })
    .optional()
    .describe('Private networks that these may reach, such as `10.0.0.0/8`, one or a list. Default: none.'),
})

/** One group of the seed format: a list of `- targets: [url, ...]` at the top of the file. */
export const seedSchema = keys({
  targets: z.array(z.unknown(), { error: 'expected a list of URLs' }).describe('The URLs of the group.'),
  labels: commonShape.labels,
})

const shortForm = z.string().meta({ pattern: '^([hH][tT][tT][pP][sS]?://|.*\\$\\{)' })

/** The top of a file. */
export const fileSchema = keys({
  defaults: defaultsSchema.optional().describe('What every target inherits.'),
  modules: z
    .record(z.string(), moduleSchema)
    .optional()
    .describe('Sets of settings, by name, that targets can inherit from.'),
  modules_from: oneOrMany(asText, {
    type: 'string',
    description:
      'A blackbox.yml whose modules can be used here; its path is relative to the folder of this file.',
  })
    .optional()
    .describe(
      'Files of blackbox_exporter whose modules can be used here: a path relative to the folder of this file, or a list.',
    ),
  vendors: z
    .record(z.string(), vendorSchema)
    .optional()
    .describe('What vendors promise, by the label `vendor`.'),
  probe: probeSchema.optional().describe('Which URLs may be probed without being configured.'),
  maintenance: z
    .array(maintenanceSchema)
    .optional()
    .describe('When targets are in maintenance: none of their alerts begins during that time.'),
  web: webSchema.optional().describe('What the pages show to everyone.'),
  targets: z
    .array(z.union([shortForm, targetSchema]))
    .optional()
    .describe('What is watched: URLs, or mappings.'),
  targets_from: z
    .array(
      keys({
        ...sourceShape,
        template: templateSchema
          .optional()
          .describe('The target that is made of each, with labels as `{label}` or `{label:-default}`.'),
      }),
    )
    .optional()
    .describe('Where more targets come from.'),
}).meta({ patternProperties: { '^x-': {} } })

/** A whole file in either of its forms, for editors: the loader validates part by part, to find every mistake. */
export const documentSchema = z.union([
  fileSchema,
  z.array(seedSchema.extend({ targets: z.array(shortForm).describe('The URLs of the group.') })),
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
