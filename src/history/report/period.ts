import { ProbityError } from '../../lib/errors.ts'

/** A stretch of time that a report is about. */
export interface Period {
  /** Of a month `2026-10`, of a week of ISO 8601 `2026-W44`, of any other its ends: `2026-10-05T06:00:00Z/2026-10-12T06:00:00Z`. */
  readonly name: string
  /** Unix time in milliseconds; the end is not part of it. */
  readonly from: number
  readonly to: number
}

/** A day of a time zone, or the part of it that is in a period. */
export interface Day {
  /** `2026-10-31`. */
  readonly day: string
  readonly from: number
  readonly to: number
}

const dayMs = 86_400_000

/**
 * The month of that name, from its first midnight in a time zone to that of the next, DST included.
 *
 * @throws ProbityError `MONTH_INVALID` or `TIME_ZONE_UNKNOWN`.
 */
export function monthPeriod(month: string, timeZone: string): Period {
  const period = readMonth(month, timeZone)
  if (period) return period
  throw new ProbityError('MONTH_INVALID', `"${month}" is not a valid month: expected one such as 2026-10`)
}

/**
 * The period of that name.
 *
 * @throws ProbityError `PERIOD_INVALID` or `TIME_ZONE_UNKNOWN`.
 */
export function namedPeriod(name: string, timeZone: string): Period {
  const period = readMonth(name, timeZone) ?? readWeek(name, timeZone) ?? readSpan(name)
  if (period) return period
  throw new ProbityError(
    'PERIOD_INVALID',
    `"${name}" is not a valid period: expected a month such as 2026-10, a week such as 2026-W44, or two times such as 2026-10-05T06:00:00Z/2026-10-12T06:00:00Z`,
  )
}

/** The period between two moments, of which any may be the midnight of a month or a week. */
export function spanPeriod(from: number, to: number): Period {
  const name = [from, to].map((time) => new Date(time).toISOString().replace('.000Z', 'Z')).join('/')
  return { name, from, to }
}

/** The month in which a moment is. */
export function monthOf(time: number, timeZone: string): string {
  return dayOf(time, timeZone).slice(0, 7)
}

/** The week of ISO 8601 in which a moment is: `2026-W44`. */
export function weekOf(time: number, timeZone: string): string {
  const date = new Date(`${dayOf(time, timeZone)}T00:00:00Z`)
  // The year of a week is that of its Thursday.
  date.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7))
  const year = date.getUTCFullYear()
  const week = Math.floor((date.getTime() - Date.UTC(year, 0, 1)) / (7 * dayMs)) + 1
  return `${year}-W${String(week).padStart(2, '0')}`
}

/** The one of the same kind that ends where a period begins. */
export function periodBefore({ name, from, to }: Period, timeZone: string): Period {
  if (isMonth(name)) return monthPeriod(monthOf(from - 1, timeZone), timeZone)
  if (/W/.test(name)) return namedPeriod(weekOf(from - 1, timeZone), timeZone)
  return spanPeriod(2 * from - to, from)
}

/** Whether a period of that name is a month. */
export function isMonth(name: string): boolean {
  return /^\d{4}-\d\d$/.test(name)
}

/** The days of a stretch of time, the first and the last cut to it. */
export function daysOf({ from, to }: Pick<Period, 'from' | 'to'>, timeZone: string): Day[] {
  const days: Day[] = []
  for (let at = from; at < to;) {
    const day = dayOf(at, timeZone)
    const end = Math.min(to, midnight(Date.parse(`${day}T00:00:00Z`) + dayMs, timeZone))
    days.push({ day, from: at, to: end })
    at = end
  }
  return days
}

function readMonth(name: string, timeZone: string): Period | undefined {
  const [, year, number] = /^([12]\d{3})-(0[1-9]|1[0-2])$/.exec(name) ?? []
  if (year === undefined || number === undefined) return undefined
  const [from, to] = [Number(number) - 1, Number(number)].map((month) =>
    midnight(Date.UTC(Number(year), month), timeZone),
  )
  return { name, from: from ?? 0, to: to ?? 0 }
}

function readWeek(name: string, timeZone: string): Period | undefined {
  const [, year, week] = /^([12]\d{3})-W(\d\d)$/.exec(name) ?? []
  if (year === undefined || week === undefined) return undefined
  // The fourth of January is in the first week.
  const fourth = new Date(Date.UTC(Number(year), 0, 4))
  const monday = fourth.getTime() + (Number(week) * 7 - 6 - (fourth.getUTCDay() || 7)) * dayMs
  const period = { name, from: midnight(monday, timeZone), to: midnight(monday + 7 * dayMs, timeZone) }
  return weekOf(period.from, timeZone) === name ? period : undefined
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/

function readSpan(name: string): Period | undefined {
  const parts = name.split('/')
  const [from = NaN, to = NaN] = parts.map((part) => (instant.test(part) ? Date.parse(part) : NaN))
  return parts.length === 2 && from < to ? spanPeriod(from, to) : undefined
}

/** `2026-10-31`, by the wall clock of a zone. */
function dayOf(time: number, timeZone: string): string {
  return new Date(time + offset(time, timeZone)).toISOString().slice(0, 10)
}

/** When the wall clock of a zone shows a midnight, which is given as that of UTC. */
function midnight(wall: number, timeZone: string): number {
  // The offset at that moment is that of the zone, not that of UTC's midnight: one correction finds it.
  const guess = wall - offset(wall, timeZone)
  return wall - offset(guess, timeZone)
}

/** Milliseconds by which the wall clock of a zone is ahead of UTC. */
function offset(time: number, timeZone: string): number {
  const wall: Record<string, number> = {}
  for (const { type, value } of formatOf(timeZone).formatToParts(time)) wall[type] = Number(value)
  const { year = 0, month = 1, day, hour, minute, second } = wall
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(time / 1000) * 1000
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  try {
    // Newer versions of Node.js take an offset for a zone, which PostgreSQL reads with the other sign.
    if (!/^[A-Za-z]/.test(timeZone)) throw new RangeError('not the name of a time zone')
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch (cause) {
    throw new ProbityError(
      'TIME_ZONE_UNKNOWN',
      `"${timeZone}" is not a valid time zone: expected one such as UTC or Europe/Berlin`,
      { cause },
    )
  }
}
