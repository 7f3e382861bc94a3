import { severities } from '../target/severity.ts'
import type { z } from 'zod'
import { word } from '../../settings/values/scalars.ts'
import { readTimezone } from '../../settings/values/schedule.ts'
import { asText, keys, oneOrMany, seen, value, ValueError } from '../../settings/values/value.ts'

/** A time of day when nobody is notified. */
export interface QuietHours {
  /** Minutes since midnight. */
  readonly from: number
  /** Minutes since midnight; before `from` where they last into the next day. */
  readonly to: number
  /** A name of the IANA time zone database. */
  readonly timezone: string
  /** Severities that are notified anyway. */
  readonly except: readonly string[]
}

function readTime(input: unknown): number {
  // YAML 1.1 reads 22:00 as a number; the core schema that is used here does not.
  const text = asText(input)
  const [, hours, minutes] = /^([01]?[0-9]|2[0-3]):([0-5][0-9])$/.exec(text) ?? []
  if (hours === undefined)
    throw new ValueError(`${seen} is not a valid time of day: expected one such as 22:00`)
  return Number(hours) * 60 + Number(minutes)
}

const timeJson = { type: 'string' } as const

const severityWord = word(severities)

export const quietHours: z.ZodType<QuietHours> = keys({
  from: value(readTime, timeJson).describe('When they begin: a time of day, such as `22:00`.'),
  to: value(readTime, timeJson).describe(
    'When they end; if this is before `from`, they last into the next day.',
  ),
  timezone: value(readTimezone, {
    type: 'string',
    description: 'The time zone of these times, such as `Europe/Berlin`. Default: `UTC`.',
  }).default('UTC'),
  except: oneOrMany(
    (input) => {
      const { success, data, error } = severityWord.safeParse(input)
      if (success) return data
      throw new ValueError(error.issues[0]?.message ?? 'is not a valid severity')
    },
    { enum: [...severities] },
  )
    .default([])
    .describe('Severities that are notified anyway, one or a list. Default: none.'),
}).superRefine(({ from, to }, context) => {
  if (from === to)
    context.addIssue({ code: 'custom', path: ['to'], message: 'is the same as from: nothing would be quiet' })
})

/** Whether an alert of this severity has to wait at this moment. */
export function isQuiet(hours: QuietHours, severity: string, now: number): boolean {
  if (hours.except.includes(severity)) return false
  const { from, to } = hours
  const minute = minuteOfDay(hours.timezone, now)
  return from < to ? minute >= from && minute < to : minute >= from || minute < to
}

const formats = new Map<string, Intl.DateTimeFormat>()

function minuteOfDay(timeZone: string, now: number): number {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  formats.set(timeZone, format)
  const [hours = 0, minutes = 0] = format.format(now).split(':').map(Number)
  return hours * 60 + minutes
}
