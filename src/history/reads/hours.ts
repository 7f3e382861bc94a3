import { latencyOf, type Buckets } from '../../lib/latency-buckets.ts'
import type { Statements } from '../sql.ts'
import {
  createHourMemo,
  packed,
  unpacked,
  type HourMemo,
  type HourVersion,
  type KnownHour,
} from './hour-memo.ts'
import type { Counted } from './ratio.ts'
import { hourMs, iso, type View } from './view.ts'

/** The last 24 hours of a target. */
export interface LastHours {
  /** Seconds: the median of each hour that began in them, the oldest first; null if no check succeeded. */
  readonly sparkline: readonly (number | null)[]
  readonly latency: { readonly p50Seconds?: number; readonly p95Seconds?: number }
  readonly counted: Counted
}

/** One hour of one series. */
interface SeriesHour extends HourVersion {
  readonly series: number
  readonly hour: number
}

const shownHours = 24

/**
 * The hours that began in the last 24.
 *
 * @param memo What was read before. Default: nothing was.
 */
export async function readHours(
  sql: Statements,
  { targets, location }: View,
  now: number,
  memo: HourMemo = createHourMemo(),
): Promise<(target: string) => LastHours> {
  const first = Math.floor(now / hourMs) - shownHours + 1
  memo.forget(first)
  // One row per target: a row per hour costs ten times as much to read.
  const rows = await sql.query<{
    target: string
    hours: [series: number, hour: number, checks: number, failures: number, durationSum: number][]
  }>(
    `select target, json_agg(json_build_array(series_id, floor(extract(epoch from hour) / 3600)::integer, checks, failures,
       duration_sum)) as hours
     from probity.series join probity.hourly on series_id = id
     where target = any($1) and location = $2 and hour >= $3 and hour < $4
     group by target`,
    [targets, location, iso(first * hourMs), iso((first + shownHours) * hourMs)],
  )
  const found = new Map(
    rows.map(({ target, hours }) => [
      target,
      hours.map(([series, hour, checks, failures, durationSum]): SeriesHour => {
        return { series, hour, checks, failures, durationSum }
      }),
    ]),
  )
  const known = await readHistograms(sql, [...found.values()].flat(), memo)
  return (target) => lastHours(found.get(target) ?? [], first, known)
}

type Known = (hour: SeriesHour) => KnownHour

/** Those that are not known, or have changed. */
async function readHistograms(sql: Statements, hours: readonly SeriesHour[], memo: HourMemo): Promise<Known> {
  const missing = hours.filter((one) => memo.get(one.series, one.hour, one) === undefined)
  const fresh = new Map<string, KnownHour>()
  if (missing.length > 0) {
    const rows = await sql.query<{
      series: number
      hours: [hour: number, latency: Record<string, number>][]
    }>(
      `select series_id as series, json_agg(json_build_array(asked.hour, latency)) as hours
       from unnest($1::integer[], $2::integer[]) as asked(series, hour)
       join probity.hourly on series_id = asked.series and hourly.hour = to_timestamp(asked.hour * 3600.0)
       group by series_id`,
      [missing.map(({ series }) => series), missing.map(({ hour }) => hour)],
    )
    for (const { series, hours: read } of rows)
      for (const [hour, latency] of read) {
        const buckets = bucketsOf(latency)
        fresh.set(`${series} ${hour}`, { p50: latencyOf(buckets).p50, pairs: packed(buckets) })
      }
    for (const one of missing) {
      const read = fresh.get(`${one.series} ${one.hour}`)
      if (read) memo.set(one.series, one.hour, one, read)
    }
  }
  return (one) => fresh.get(`${one.series} ${one.hour}`) ?? memo.get(one.series, one.hour, one) ?? nothing
}

const nothing: KnownHour = { p50: undefined, pairs: new Int32Array() }

function lastHours(own: readonly SeriesHour[], first: number, known: Known): LastHours {
  const { p50, p95 } = latencyOf(unpacked(own.map((one) => known(one).pairs)))
  return {
    sparkline: Array.from({ length: shownHours }, (_, index) => medianOf(own, first + index, known) ?? null),
    latency: {
      ...(p50 !== undefined && { p50Seconds: p50 }),
      ...(p95 !== undefined && { p95Seconds: p95 }),
    },
    counted: {
      checks: own.reduce((sum, { checks }) => sum + checks, 0),
      failures: own.reduce((sum, { failures }) => sum + failures, 0),
    },
  }
}

/** An hour comes once for each vendor that the target had in it. */
function medianOf(own: readonly SeriesHour[], hour: number, known: Known): number | undefined {
  const parts = own.filter((one) => one.hour === hour).map(known)
  const [only] = parts
  return parts.length === 1 ? only?.p50 : latencyOf(unpacked(parts.map(({ pairs }) => pairs))).p50
}

/** Of a rollup. */
export function bucketsOf(latency: Readonly<Record<string, number>>): Buckets {
  const buckets = new Map<number, number>()
  for (const bucket in latency) buckets.set(Number(bucket), latency[bucket] ?? 0)
  return buckets
}
