import type { Statements } from '../sql.ts'
import { joined, latencyOf, type Buckets, type Latency } from '../../lib/latency-buckets.ts'
import type { Span } from './timeline.ts'

/** The calls of one target in a span, as one place has received them. */
export interface Calls {
  readonly target: string
  readonly location: string
  readonly labels: Readonly<Record<string, string>>
  readonly ok: number
  readonly error: number
  /** Those that did not say how they ended. */
  readonly unknown: number
  /** Those that took longer than was expected. */
  readonly overLimit: number
  /** Of those that did not fail. */
  readonly latency: Buckets
}

/** What was measured of calls. */
export interface CallsMeasured extends Latency {
  readonly calls: number
  readonly errors: number
  /** 0 to 1, of those that said how they ended. Absent where none did. */
  readonly errorRatio?: number
  readonly overLimit: number
}

/** Adds up. */
export function sumOfCalls(all: readonly Calls[]): CallsMeasured {
  const sum = (of: (one: Calls) => number): number => all.reduce((total, one) => total + of(one), 0)
  const errors = sum(({ error }) => error)
  const known = sum(({ ok }) => ok) + errors
  return {
    calls: known + sum(({ unknown }) => unknown),
    errors,
    ...(known > 0 && { errorRatio: errors / known }),
    overLimit: sum(({ overLimit }) => overLimit),
    ...latencyOf(joined(all.map(({ latency }) => latency))),
  }
}

const dayMs = 86_400_000

interface CallsRecord extends Omit<Calls, 'latency' | 'overLimit'> {
  over_limit: number
  latency: Record<string, number>
}

/** Whole days from the days, the rest from the hours that begin in the span. */
export async function readCalls(sql: Statements, span: Span): Promise<Calls[]> {
  const firstDay = Math.ceil(span.from / dayMs) * dayMs
  const endDay = Math.max(firstDay, Math.floor(span.to / dayMs) * dayMs)
  const rows = await sql.query<CallsRecord>(
    `with parts as (
       select series_id, ok, error, unknown, over_limit, latency from probity.call_daily where day >= $1 and day < $2
       union all
       select series_id, ok, error, unknown, over_limit, latency from probity.call_hourly
       where (hour >= $3 and hour < least($1::timestamptz, $4)) or (hour >= $2 and hour < $4)
     )
     select target, location, labels, sum(ok)::double precision as ok, sum(error)::double precision as error,
       sum(unknown)::double precision as unknown, sum(over_limit)::double precision as over_limit,
       probity.sum_counts(latency) as latency
     from parts join probity.series on series.id = series_id
     group by series.id order by target, location`,
    [firstDay, endDay, span.from, span.to].map((time) => new Date(time).toISOString()),
  )
  return rows.map(({ over_limit: overLimit, latency, ...rest }) => ({
    ...rest,
    overLimit,
    latency: new Map(Object.entries(latency).map(([bucket, count]) => [Number(bucket), count])),
  }))
}
