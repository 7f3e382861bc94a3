import type { z } from 'zod'
import { formatDuration } from '../../settings/values/duration.ts'
import { durationUpTo } from '../../settings/values/scalars.ts'
import { readSchedule, readTimezone, timesAround, type Schedule } from '../../settings/values/schedule.ts'
import { jsonOf, seen, value, ValueError } from '../../settings/values/value.ts'

/** How often a job has to call, in seconds, or when it runs. */
export type Rhythm = number | Schedule

/** Seconds. */
export const year = 366 * 86_400

/** Milliseconds that a call may come before its time: the clock of the job's machine may be ahead. */
const earlyMs = 60_000

const period = durationUpTo(year, '366d')

function readRhythm(input: unknown): Rhythm {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    const { success, data, error } = period.safeParse(input)
    if (success) return data
    const message = error.issues[0]?.message ?? `${seen} is not a valid duration`
    throw new ValueError(message.replace(/or 1d$/, 'or 1d, or { schedule: "0 3 * * 1-5" }'))
  }
  const { schedule, timezone = 'UTC', ...others } = input as Readonly<Record<string, unknown>>
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) throw new ValueError('may only have schedule and timezone', unknown)
  if (schedule === undefined)
    throw new ValueError('needs a duration, such as 1d, or a schedule, such as { schedule: "0 3 * * 1-5" }')
  return {
    cron: part('schedule', readSchedule, schedule),
    timezone: part('timezone', readTimezone, timezone),
  }
}

/** The place of an issue is that of the whole: its message names the part. */
function part<T>(name: string, read: (input: unknown) => T, input: unknown): T {
  try {
    return read(input)
  } catch (error) {
    if (!(error instanceof ValueError)) throw error
    throw new ValueError(error.message.replace(seen, name))
  }
}

const text = { type: 'string' } as const

/** Reads `heartbeat:`. */
export const rhythm: z.ZodType<Rhythm> = value(readRhythm, {
  anyOf: [
    jsonOf(period),
    {
      type: 'object',
      properties: {
        schedule: { ...text, description: 'Five fields of cron, such as `0 3 * * 1-5`.' },
        timezone: { ...text, description: 'Its time zone, such as `Europe/Berlin`. Default: `UTC`.' },
      },
      required: ['schedule'],
      additionalProperties: false,
    },
  ],
})

/** Unix milliseconds. */
interface Waiting {
  /** The last success, or when the job was first expected. */
  readonly from: number
  readonly now: number
  /** How late a call may be. */
  readonly graceMs: number
}

/** When a call was expected that has not come, in words; undefined where none is late. */
export function missedCall(rhythm: Rhythm, { from, now, graceMs }: Waiting): string | undefined {
  if (typeof rhythm === 'number')
    return now - from > rhythm * 1000 + graceMs ? rhythmWords(rhythm) : undefined
  const { last } = timesAround(rhythm, now - graceMs)
  if (last === undefined || last - earlyMs <= from) return undefined
  return `at ${localTime(last, rhythm.timezone)} (${scheduleWords(rhythm)})`
}

/**
 * The longest time between two calls, in seconds. With a schedule it is the time between the last two runs, and not more than the time from
 * the last success to the run that was missed: a job that is late has been silent for longer than this.
 */
export function periodAt(rhythm: Rhythm, { from, now, graceMs }: Waiting): number {
  if (typeof rhythm === 'number') return rhythm
  const { last = now, before = last, next = last } = timesAround(rhythm, now - graceMs)
  const gap = last > before ? last - before : next - last
  const missed = last - earlyMs > from ? last - from : gap
  return Math.max(1, Math.floor(Math.min(gap, missed) / 1000))
}

/** `every 1d`, or `at 0 3 * * 1-5 Europe/Berlin`. */
export function rhythmWords(rhythm: Rhythm): string {
  return typeof rhythm === 'number' ? `every ${formatDuration(rhythm)}` : `at ${scheduleWords(rhythm)}`
}

/** `0 3 * * 1-5 Europe/Berlin`. */
export function scheduleWords({ cron, timezone }: Schedule): string {
  return `${cron} ${timezone}`
}

/** `2026-11-30 03:00`, where the job runs. */
function localTime(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(at)
}
