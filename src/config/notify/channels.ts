import { z } from 'zod'
import { didYouMean } from '../../settings/values/closest.ts'
import { durationUpTo, word } from '../../settings/values/scalars.ts'
import type { Issues, Place } from '../../settings/issues.ts'
import { isMapping } from '../document/parts.ts'
import { keys, kindOf, seen, value, ValueError } from '../../settings/values/value.ts'
import {
  logChannelName,
  type ChannelDefinition,
  type ChannelTypes,
  type GroupSettings,
  type LeftOut,
} from './notify.ts'
import { expandChannel, type ExpansionOptions } from './unset.ts'

function count(max: number, description: string): z.ZodType<number> {
  return value(
    (input) => {
      const number = typeof input === 'string' && /^[0-9]{1,6}$/.test(input) ? Number(input) : input
      if (typeof number === 'number' && Number.isInteger(number) && number >= 1 && number <= max)
        return number
      throw new ValueError(`${seen} is not a whole number from 1 to ${max}`)
    },
    { type: 'integer', minimum: 1, maximum: max, description },
  )
}

const deliverySchema = keys({
  concurrency: count(100, 'Maximum number of deliveries at the same time. Default: `4`.').default(4),
  per_minute: count(6000, 'Maximum number of deliveries per minute. Default: `60`.').default(60),
  give_up_after: durationUpTo(7 * 86_400, '7d')
    .default(3600)
    .describe('How long a delivery is attempted, up to `7d`. Default: `1h`.'),
  max_attempts: count(1000, 'Maximum number of attempts. Default: `100`.').default(100),
})

function readLabels(input: unknown): readonly string[] | 'off' {
  if (input === 'off' || input === false) return 'off'
  const names: unknown[] = Array.isArray(input) ? input : []
  if (names.length > 0 && names.every((name) => typeof name === 'string' && labelName.test(name)))
    return names as string[]
  throw new ValueError(
    `${seen} is not a list of label names: expected one such as [alertname, vendor], or off`,
  )
}

const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/

/** Keys that every channel may have, whatever its type. */
export const commonShape = {
  delivery: deliverySchema.optional().describe('How fast and how long delivery is attempted.'),
  group_by: value(readLabels, {
    anyOf: [{ type: 'array', items: { type: 'string' } }, { const: 'off' }],
  })
    .optional()
    .describe(
      'Alerts whose labels of these names are equal become one message; `off`: one message for each alert. Default: `[alertname, vendor]` for e-mail, chats, push services, SMS, calls and webhooks without a `body`, otherwise `off`.',
    ),
  group_wait: durationUpTo(600, '10m')
    .optional()
    .describe('How long the first alert of a group waits for others. Default: `5s`.'),
  group_interval: durationUpTo(86_400, '1d')
    .optional()
    .describe('The time between two messages about a group. Default: `1m`.'),
  via: word(['alertmanager', 'probity'])
    .optional()
    .describe(
      'Who delivers: Alertmanager, if it has a receiver of that kind, or Probity. Default: `alertmanager` if it can.',
    ),
}

const commonSchema = z.object(commonShape)

/** As Alertmanager groups by default what Probity sends to it. */
const usualGroup: GroupSettings = { by: ['alertname', 'vendor'], wait: 5, interval: 60 }

const noDelivery = deliverySchema.parse({})

/** A channel's name is part of labels and file names. */
const channelName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/

/** The receivers that every alertmanager.yml of ours has. */
const reservedNames: ReadonlySet<string> = new Set(['notifier', 'watchdog', 'nobody'])

export interface ReadChannels {
  readonly channels: readonly ChannelDefinition[]
  readonly leftOut: readonly LeftOut[]
  /** Also of those that are wrong: a route that names one has one mistake less. */
  readonly names: readonly string[]
}

export interface ChannelReading extends ExpansionOptions {
  readonly issues: Issues
  readonly types: ChannelTypes
}

/** Reads `channels:`. What is wrong is reported; what only lacks a secret is left out. */
export function readChannels(written: unknown, place: Place, reading: ChannelReading): ReadChannels {
  const channels: ChannelDefinition[] = []
  const leftOut: LeftOut[] = []
  if (written === undefined || written === null) return { channels, leftOut, names: [] }
  if (!isMapping(written)) {
    reading.issues.add(place, [], 'value', `expected a mapping of channel names, got ${kindOf(written)}`)
    return { channels, leftOut, names: [] }
  }
  for (const [name, item] of Object.entries(written)) {
    const at: Place = { source: place.source, at: [...place.at, name] }
    const read = readChannel(name, item, at, reading)
    if (read === undefined) continue
    if ('reason' in read) leftOut.push(read)
    else channels.push(read)
  }
  return { channels, leftOut, names: Object.keys(written) }
}

function readChannel(
  name: string,
  written: unknown,
  place: Place,
  { issues, types, ...expansion }: ChannelReading,
): ChannelDefinition | LeftOut | undefined {
  if (!channelName.test(name)) {
    const message = 'is not a valid channel name: expected letters, digits, - and _, at most 63'
    issues.add(place, [], 'key', message)
  }
  if (!isMapping(written)) {
    issues.add(place, [], 'value', `expected a mapping with type:, got ${kindOf(written)}`)
    return undefined
  }
  const type = typeof written['type'] === 'string' ? written['type'] : undefined
  if (reservedNames.has(name))
    issues.add(place, [], 'key', 'this name is taken: Alertmanager has a receiver with that name')
  if (name === logChannelName) {
    const isLog = type === logChannelName && Object.keys(written).length === 1
    if (!isLog)
      issues.add(place, [], 'key', 'the alerts log is always there: write { type: log }, or leave it out')
    return undefined
  }
  const row = type !== undefined && Object.hasOwn(types, type) ? types[type] : undefined
  if (type === undefined || row === undefined) {
    const known = Object.keys(types)
    const what = type === undefined ? 'has no type' : `there is no type ${JSON.stringify(type)}`
    const message = `${what}: expected one of ${known.join(', ')}${didYouMean(type ?? '', known)}`
    issues.add(place, type === undefined ? [] : ['type'], 'value', message)
    return undefined
  }
  const { value: expanded, secrets, unset, errors } = expandChannel(written, expansion)
  for (const { path, message } of errors) issues.add(place, path, 'value', message)
  const unusable = new Set([...unset, ...errors].map(({ path }) => String(path[0])))
  // Kept without a value, so that a key that is not known is reported as such.
  const without = Object.fromEntries([...unusable].map((key) => [key, undefined]))
  const { delivery, via, group_by, group_wait, group_interval, ...own } = {
    ...without,
    ...(expanded as Record<string, unknown>),
  }
  const common = commonSchema.safeParse({ delivery, via, group_by, group_wait, group_interval })
  const settings = row.schema.safeParse(own)
  for (const issue of [...(common.error?.issues ?? []), ...(settings.error?.issues ?? [])]) {
    const atUnset = unusable.has(String(issue.path[0]))
    if (!atUnset || issue.code === 'unrecognized_keys') issues.addZod(place, issue)
  }
  const [first] = unset
  if (first !== undefined) return { name, type, reason: first.reason }
  if (!common.success || !settings.success) return undefined
  const how = common.data.delivery ?? noDelivery
  const group = groupOf(common.data, row.grouped?.(settings.data) ?? false)
  return {
    name,
    type,
    settings: settings.data,
    delivery: {
      concurrency: how.concurrency,
      perMinute: how.per_minute,
      giveUpAfter: how.give_up_after,
      maxAttempts: how.max_attempts,
      ...(group && { group }),
    },
    native: common.data.via !== 'probity' && row.native(settings.data),
    secrets,
  }
}

/** @param byDefault Whether channels of this kind group where nothing is said. */
function groupOf(
  { group_by: by, group_wait: wait, group_interval: interval }: z.infer<typeof commonSchema>,
  byDefault: boolean,
): GroupSettings | undefined {
  if (by === 'off' || (by === undefined && !byDefault)) return undefined
  return {
    by: by ?? usualGroup.by,
    wait: wait ?? usualGroup.wait,
    interval: interval ?? usualGroup.interval,
  }
}
