import { joined, latencyOf, type Buckets } from '../../lib/latency-buckets.ts'
import type { Statements } from '../sql.ts'
import { bucketsOf } from './hours.ts'
import { dayMs, hourMs, iso } from './view.ts'

/** Latency over time. */
export interface PastSeries {
  /** Single checks up to two days, else hours. */
  readonly resolution: 'checks' | 'hours'
  /** What one point stands for; 0 where it is one check. */
  readonly stepSeconds: number
  readonly points: readonly PastPoint[]
}

export interface PastPoint {
  readonly at: Date
  /** 0: nothing was seen from here to the next point. */
  readonly checks: number
  readonly failures: number
  /** Of checks that succeeded. */
  readonly p50Seconds: number | null
  /** Of all checks. */
  readonly maxSeconds: number | null
}

export interface SeriesAsked {
  readonly target: string
  readonly location: string
  readonly from: Date
  readonly to: Date
}

const longestOfChecks = 2 * dayMs

/** More points than a chart is wide add no information. */
const mostPoints = 1500

/** Checks of a series that begin in a range: one by one where they are few, else in steps of equal length. */
export async function readLatencySeries(sql: Statements, asked: SeriesAsked): Promise<PastSeries> {
  const length = asked.to.getTime() - asked.from.getTime()
  return length <= longestOfChecks ? ofChecks(sql, asked, length / 1000) : ofHours(sql, asked)
}

interface CheckRow {
  at: number
  checks: number
  failures: number
  p50: number | null
  max: number
  interval: number
}

interface HourRow extends Omit<CheckRow, 'p50'> {
  latency: Buckets
}

interface HourRecord extends Omit<CheckRow, 'p50'> {
  latency: Record<string, number>
}

async function ofChecks(sql: Statements, asked: SeriesAsked, seconds: number): Promise<PastSeries> {
  const { target, location, from, to } = asked
  const bounds = [target, location, iso(from.getTime()), iso(to.getTime())]
  const of = `from probity.probe_results
    where series_id in (select id from probity.series where target = $1 and location = $2)
      and checked_at >= $3 and checked_at < $4`
  const [{ count } = { count: 0 }] = await sql.query<{ count: number }>(
    `select count(*)::integer as count ${of}`,
    bounds,
  )
  const step = count <= mostPoints ? 0 : Math.ceil(seconds / mostPoints)
  const rows =
    step === 0
      ? await sql.query<CheckRow>(
          `select extract(epoch from checked_at)::double precision as at, 1 as checks,
             case when success then 0 else 1 end as failures, case when success then duration_seconds end as p50,
             duration_seconds as max, interval_seconds as interval
           ${of} order by checked_at`,
          bounds,
        )
      : await sql.query<CheckRow>(
          `select floor(extract(epoch from checked_at) / $5)::double precision * $5 as at, count(*)::integer as checks,
             (count(*) filter (where not success))::integer as failures,
             percentile_disc(0.5) within group (order by duration_seconds) filter (where success) as p50,
             max(duration_seconds) as max, max(interval_seconds) as interval
           ${of} group by 1 order by 1`,
          [...bounds, step],
        )
  return { resolution: 'checks', stepSeconds: step, points: withGaps(rows, step) }
}

async function ofHours(sql: Statements, { target, location, from, to }: SeriesAsked): Promise<PastSeries> {
  const rows = await sql.query<HourRecord>(
    `select extract(epoch from hour)::double precision as at, checks, failures, latency, duration_max as max,
       last_interval as interval
     from probity.series join probity.hourly on series_id = id
     where target = $1 and location = $2
       and hour >= date_trunc('hour', $3::timestamptz, 'UTC') and hour < $4
     order by hour`,
    [target, location, iso(from.getTime()), iso(to.getTime())],
  )
  const hours = rows.reduce<HourRow[]>(addHour, []).map(({ latency, ...row }) => ({
    ...row,
    p50: latencyOf(latency).p50 ?? null,
  }))
  const stepSeconds = hourMs / 1000
  return { resolution: 'hours', stepSeconds, points: withGaps(hours, stepSeconds) }
}

/** An hour comes once for each vendor that the target had in it. */
function addHour(hours: HourRow[], { latency, ...row }: HourRecord): HourRow[] {
  const last = hours.at(-1)
  const own = bucketsOf(latency)
  if (last?.at !== row.at) return [...hours, { ...row, latency: own }]
  const sum: HourRow = {
    at: row.at,
    checks: last.checks + row.checks,
    failures: last.failures + row.failures,
    latency: joined([last.latency, own]),
    max: Math.max(last.max, row.max),
    interval: Math.max(last.interval, row.interval),
  }
  return [...hours.slice(0, -1), sum]
}

/** Points, and one without checks wherever the next is more than two intervals away: that is a gap in the rollups, too. */
function withGaps(rows: readonly CheckRow[], step: number): PastPoint[] {
  return rows.flatMap((row, index) => {
    const { at, checks, failures, p50, max, interval } = row
    const point = { at: new Date(at * 1000), checks, failures, p50Seconds: p50, maxSeconds: max }
    const next = rows[index + 1]
    if (!next || next.at - at <= Math.max(step, 2 * interval)) return [point]
    const nothing = { checks: 0, failures: 0, p50Seconds: null, maxSeconds: null }
    return [point, { at: new Date((at + Math.max(step, interval)) * 1000), ...nothing }]
  })
}
