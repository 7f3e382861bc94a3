import { readDays } from './days.ts'
import type { HourMemo } from './hour-memo.ts'
import { readHours } from './hours.ts'
import { readLatest, type Latest } from './latest.ts'
import { ratioOf, shareOf, type Counted } from './ratio.ts'
import type { View } from './view.ts'
import type { Statements } from '../sql.ts'

/** The past of a target at a glance. */
export interface TargetPast extends Latest {
  /** Seconds: the median of each hour that began in the last 24, the oldest first; null if no check succeeded. */
  readonly sparkline: readonly (number | null)[]
  /** 90 days of UTC, today last. */
  readonly days: readonly DayPast[]
  /** 0 to 1: shares of checks that succeeded; null where there was none. */
  readonly availability: {
    readonly last24h: number | null
    readonly last30d: number | null
    readonly last90d: number | null
  }
  /** Of the last 24 hours, within 1 %. */
  readonly latency: { readonly p50Seconds?: number; readonly p95Seconds?: number }
}

export interface DayPast extends Counted {
  /** `2026-11-21`. */
  readonly day: string
  readonly availability: number | null
  readonly unobserved: boolean
}

const [shownDays, monthDays] = [90, 30]

/**
 * The past of targets by name, read off the rollups alone; those that were never checked are missing.
 *
 * @param now Unix time in milliseconds.
 * @param memo Of hours that were read before. Default: none were.
 */
export async function readOverview(
  sql: Statements,
  view: View,
  now: number,
  memo?: HourMemo,
): Promise<Map<string, TargetPast>> {
  const [latest, hours, days] = await Promise.all([
    readLatest(sql, view),
    readHours(sql, view, now, memo),
    readDays(sql, view, { now, days: shownDays }),
  ])
  return new Map(
    [...latest].map(([target, known]) => {
      const { counted, ...ofHours } = hours(target)
      const ofDays = days(target)
      return [
        target,
        {
          ...known,
          ...ofHours,
          days: ofDays.map(({ day, checks, failures }) => ({
            day,
            checks,
            failures,
            availability: shareOf(checks, failures),
            unobserved: checks === 0,
          })),
          availability: {
            last24h: ratioOf([counted]),
            last30d: ratioOf(ofDays.slice(-monthDays)),
            last90d: ratioOf(ofDays),
          },
        },
      ]
    }),
  )
}
