import { resolve } from 'node:path'
import type { Place } from '../../settings/issues.ts'
import { didYouMean } from '../../settings/values/closest.ts'
import { word } from '../../settings/values/scalars.ts'
import { readSchedule, readTimezone } from '../../settings/values/schedule.ts'
import { asText, keys, kindOf, oneOrMany, seen, value } from '../../settings/values/value.ts'
import { isMapping, read, type Reading } from '../document/parts.ts'
import { matchers } from './matchers.ts'
import type { ChannelDefinition, ChannelTypes, ReportDefinition } from './notify.ts'

/** One of `reports:`. */
export const reportSchema = keys({
  every: word(['weekly', 'monthly'])
    .optional()
    .describe(
      '`weekly`: on Mondays at 6:00, about the week that has ended. `monthly`: on the first day of a month at 6:00, about the month that has ended. Default: `schedule` says it.',
    ),
  schedule: value(readSchedule, { type: 'string' })
    .optional()
    .describe(
      'Five fields of cron, such as `0 8 * * 1-5`: each report is about the time since the one before. Default: `every` says it.',
    ),
  timezone: value(readTimezone, {
    type: 'string',
    description: 'The time zone of these times, and of the days in the report. Default: `UTC`.',
  }).default('UTC'),
  match: matchers
    .default([])
    .describe(
      'The targets it is about, by their labels, `target` and `location`: `{ vendor: stripe }`, `{ target: "~api-.*" }`. Default: all.',
    ),
  channels: oneOrMany(asText, { type: 'string' })
    .default([])
    .describe('The channels that it is sent to, of type `email`, `slack` or `webhook`. Default: none.'),
  folder: value(asText, { type: 'string', minLength: 1 })
    .optional()
    .describe(
      'A folder that it is written to, as HTML, and as PDF where there is a Chromium. A relative path begins at the folder of notify.yml. Default: none.',
    ),
}).superRefine(({ every, schedule, channels, folder }, context) => {
  const wrong = (path: string, message: string): void => {
    context.addIssue({ code: 'custom', path: [path], message })
  }
  if (every !== undefined && schedule !== undefined)
    wrong('schedule', 'cannot be used with every: keep one of them')
  if (every === undefined && schedule === undefined)
    context.addIssue({ code: 'custom', message: 'needs every: weekly or monthly, or a schedule' })
  if (channels.length === 0 && folder === undefined)
    context.addIssue({ code: 'custom', message: 'is sent nowhere: write channels: or folder:' })
})

/** A report's name is part of subjects and file names. */
const reportName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/

export interface ReportsContext {
  /** Those that can be used. */
  readonly channels: readonly ChannelDefinition[]
  /** All, also those that are wrong or left out. */
  readonly names: readonly string[]
  readonly types: ChannelTypes
  /** Where relative paths begin. */
  readonly directory: string
}

/** Reads `reports:`. What is wrong is reported. */
export function readReports(
  written: unknown,
  place: (...at: (string | number)[]) => Place,
  reading: Reading,
  context: ReportsContext,
): ReportDefinition[] {
  if (written === undefined || written === null) return []
  if (!isMapping(written)) {
    const message = `expected a mapping of report names, got ${kindOf(written)}`
    reading.issues.add(place('reports'), [], 'value', message)
    return []
  }
  return Object.entries(written).flatMap(([name, item]) => {
    const at = place('reports', name)
    if (!reportName.test(name)) {
      const message = 'is not a valid report name: expected letters, digits, - and _, at most 63'
      reading.issues.add(at, [], 'key', message)
    }
    const { value: report } = read(reportSchema, item, at, reading)
    if (report === undefined) return []
    checkChannels(report.channels, item, at, reading, context)
    const { every, schedule = '', timezone, match, channels, folder } = report
    return [
      {
        name,
        when: every ?? { cron: schedule, timezone },
        timezone,
        matchers: match,
        channels,
        ...(folder !== undefined && { folder: resolve(context.directory, folder) }),
      },
    ]
  })
}

function checkChannels(
  wanted: readonly string[],
  item: unknown,
  at: Place,
  { issues }: Reading,
  { channels, names, types }: ReportsContext,
): void {
  const isList = isMapping(item) && Array.isArray(item['channels'])
  for (const [position, name] of wanted.entries()) {
    const path = isList ? ['channels', position] : ['channels']
    if (!names.includes(name)) {
      issues.add(at, path, 'value', `there is no channel ${seen}${didYouMean(name, names)}`)
      continue
    }
    const type = channels.find((channel) => channel.name === name)?.type
    if (type === undefined || types[type]?.reports) continue
    const able = Object.keys(types).filter((one) => types[one]?.reports)
    issues.add(
      at,
      path,
      'value',
      `the channel ${seen} has the type ${type}, which cannot send reports: expected one of type ${able.join(', ')}`,
    )
  }
}
