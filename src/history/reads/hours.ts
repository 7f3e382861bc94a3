import { joined, latencyOf, type Buckets } from '../../lib/latency-buckets.ts'
import type { Statements } from '../sql.ts'
import type { Counted } from './ratio.ts'
import { hourMs, iso, type View } from './view.ts'

/** The last 24 hours of a target. */
export interface LastHours {
  /** Seconds: the median of each hour that began in them, the oldest first; null if no check succeeded. */
  readonly sparkline: readonly (number | null)[]
  readonly latency: { readonly p50Seconds?: number; readonly p95Seconds?: number }
  readonly counted: Counted
}

interface HourPast extends Counted {
  readonly latency: Buckets
}

const shownHours = 24
const nothing: HourPast = { checks: 0, failures: 0, latency: new Map() }

/** The hours that began in the last 24. */
export async function readHours(
  sql: Statements,
  { targets, location }: View,
  now: number,
): Promise<(target: string) => LastHours> {
  const first = Math.floor(now / hourMs) - shownHours + 1
  // One row per target: a row per hour costs ten times as much to read.
  const rows = await sql.query<{
    target: string
    hours: [hour: number, checks: number, failures: number, latency: Record<string, number>][]
  }>(
    `select target,
       json_agg(json_build_array(floor(extract(epoch from hour) / 3600)::integer, checks, failures, latency)) as hours
     from probity.series join probity.hourly on series_id = id
     where target = any($1) and location = $2 and hour >= $3 and hour < $4
     group by target`,
    [targets, location, iso(first * hourMs), iso((first + shownHours) * hourMs)],
  )
  const found = new Map(rows.map((row) => [row.target, row.hours]))
  return (target) => {
    const known = new Map<number, HourPast>()
    // An hour comes once for each vendor that the target had in it.
    for (const [hour, checks, failures, latency] of found.get(target) ?? [])
      known.set(hour, added(known.get(hour) ?? nothing, { checks, failures, latency: bucketsOf(latency) }))
    const hours = Array.from({ length: shownHours }, (_, index) => known.get(first + index) ?? nothing)
    const { p50, p95 } = latencyOf(joined(hours.map(({ latency }) => latency)))
    return {
      sparkline: hours.map(({ latency }) => latencyOf(latency).p50 ?? null),
      latency: {
        ...(p50 !== undefined && { p50Seconds: p50 }),
        ...(p95 !== undefined && { p95Seconds: p95 }),
      },
      counted: {
        checks: hours.reduce((sum, { checks }) => sum + checks, 0),
        failures: hours.reduce((sum, { failures }) => sum + failures, 0),
      },
    }
  }
}

function added(one: HourPast, other: HourPast): HourPast {
  return {
    checks: one.checks + other.checks,
    failures: one.failures + other.failures,
    latency: joined([one.latency, other.latency]),
  }
}

/** Of a rollup. */
export function bucketsOf(latency: Readonly<Record<string, number>>): Buckets {
  const buckets = new Map<number, number>()
  for (const bucket in latency) buckets.set(Number(bucket), latency[bucket] ?? 0)
  return buckets
}
