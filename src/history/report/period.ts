import { ProbityError } from '../../lib/errors.ts'

/** A month of a time zone: from its first midnight to that of the next, DST included. */
export interface Period {
  /** `2026-10`. */
  readonly month: string
  /** Unix time in milliseconds; the end is not part of it. */
  readonly from: number
  readonly to: number
}

/**
 * The month of that name.
 *
 * @throws ProbityError `MONTH_INVALID` or `TIME_ZONE_UNKNOWN`.
 */
export function monthPeriod(month: string, timeZone: string): Period {
  const [, year, number] = /^([12]\d{3})-(0[1-9]|1[0-2])$/.exec(month) ?? []
  if (year === undefined || number === undefined)
    throw new ProbityError('MONTH_INVALID', `"${month}" is not a valid month: expected one such as 2026-10`)
  const index = Number(year) * 12 + Number(number) - 1
  return { month, from: midnight(index, timeZone), to: midnight(index + 1, timeZone) }
}

/** The month in which a moment is. */
export function monthOf(time: number, timeZone: string): string {
  return new Date(time + offset(time, timeZone)).toISOString().slice(0, 7)
}

/** The month before. */
export function monthBefore({ month }: Period, timeZone: string): Period {
  const first = new Date(`${month}-01T00:00:00Z`)
  first.setUTCMonth(first.getUTCMonth() - 1)
  return monthPeriod(first.toISOString().slice(0, 7), timeZone)
}

/** Where the first day of the month begins; months are counted from year 0. */
function midnight(month: number, timeZone: string): number {
  const wall = Date.UTC(Math.floor(month / 12), month % 12)
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
