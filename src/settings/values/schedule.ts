import { Cron } from 'croner'
import { asText, seen, ValueError } from './value.ts'

/** When something happens again and again. */
export interface Schedule {
  /** Five fields of cron, such as `0 3 * * 1-5`. */
  readonly cron: string
  /** Of the IANA time zone database. */
  readonly timezone: string
}

/** Reads five fields of cron. */
export function readSchedule(input: unknown): string {
  const text = asText(input)
  try {
    if (new Cron(text, { mode: '5-part', timezone: 'UTC' }).nextRun() !== null) return text
  } catch {
    throw new ValueError(`${seen} is not a valid schedule: expected five fields of cron, such as 0 22 * * 6`)
  }
  throw new ValueError(`${seen} is a schedule that never occurs`)
}

/** Reads a name of the IANA time zone database. */
export function readTimezone(input: unknown): string {
  const name = asText(input)
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone === '' ? 'UTC' : name
  } catch {
    throw new ValueError(`${seen} is not a valid time zone: expected one such as Europe/Berlin or UTC`)
  }
}

/** Times of a schedule around a moment: the last one not after it, the one before that, and the next one, in Unix milliseconds. */
export function timesAround(
  { cron, timezone }: Schedule,
  at: number,
): { readonly last?: number; readonly before?: number; readonly next?: number } {
  const times = new Cron(cron, { mode: '5-part', timezone })
  // Both are looked for before and after a moment, without it.
  const second = Math.floor(at / 1000) * 1000
  const [last, before] = times.previousRuns(2, new Date(second + 1000))
  const next = times.nextRun(new Date(second))
  return {
    ...(last && { last: last.getTime() }),
    ...(before && { before: before.getTime() }),
    ...(next && { next: next.getTime() }),
  }
}
