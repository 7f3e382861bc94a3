import { groupBy } from '../../lib/group-by.ts'
import type { Buckets } from '../../lib/latency-buckets.ts'
import type { Statements } from '../sql.ts'
import type { Series } from './data.ts'
import { measure, type Judge } from './measure.ts'
import { daysOf } from './period.ts'
import type { Span } from './timeline.ts'

/** What happened on one day; seconds are the means of the targets. */
export interface DayReport {
  /** `2026-10-31`, in the time zone of the report. */
  readonly day: string
  /** 0 to 1. Absent where nothing was observed. */
  readonly availability?: number
  readonly downSeconds: number
  readonly checks: number
  readonly failures: number
  /** Incidents that began on it. */
  readonly incidents: number
  /** Seconds, of the hours that are still kept. Absent where no check succeeded. */
  readonly p95?: number
}

/** What the hours of one day of a series add up to. */
export interface DayCounts {
  readonly day: string
  readonly checks: number
  readonly failures: number
  readonly latency: Buckets
}

interface DayRow {
  id: number
  day: string
  checks: number
  failures: number
  latency: Record<string, number>
}

/** The days of each series, by its id, from the hours that begin in a span: hours are kept for a while only. */
export async function readDays(
  sql: Statements,
  span: Span,
  timeZone: string,
): Promise<ReadonlyMap<number, readonly DayCounts[]>> {
  const rows = await sql.query<DayRow>(
    `select series_id as id, to_char(hour at time zone $3, 'YYYY-MM-DD') as day, sum(checks)::integer as checks,
       sum(failures)::integer as failures, probity.sum_counts(latency) as latency
     from probity.hourly where hour >= $1 and hour < $2 group by 1, 2`,
    [new Date(span.from).toISOString(), new Date(span.to).toISOString(), timeZone],
  )
  const byId = groupBy(rows, ({ id }) => id)
  return new Map(
    [...byId].map(([id, own]) => [
      id,
      own.map(({ day, checks, failures, latency }) => ({
        day,
        checks,
        failures,
        latency: new Map(Object.entries(latency).map(([bucket, count]) => [Number(bucket), count])),
      })),
    ]),
  )
}

/** Measures several series as one, day by day. */
export function daily(
  series: readonly Series[],
  span: Span,
  counts: ReadonlyMap<number, readonly DayCounts[]>,
  timeZone: string,
  judge: Judge,
): DayReport[] {
  return daysOf(span, timeZone).map(({ day, from, to }) => {
    const own = new Map(
      series.flatMap(({ id }) =>
        (counts.get(id) ?? [])
          .filter((one) => one.day === day)
          .map((one) => [id, { ...one, reasons: new Map<string, number>() }] as const),
      ),
    )
    const { availability, downSeconds, checks, failures, p95 } = measure(series, { from, to }, own, judge)
    const began = series
      .flatMap(({ incidents }) => incidents)
      .filter(({ startedAt }) => startedAt.getTime() >= from && startedAt.getTime() < to)
    return {
      day,
      ...(availability !== undefined && { availability }),
      downSeconds,
      checks,
      failures,
      incidents: began.length,
      ...(p95 !== undefined && { p95 }),
    }
  })
}
