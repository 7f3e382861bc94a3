import type { IncidentRow } from '../incident-row.ts'
import { groupBy } from '../../lib/group-by.ts'
import type { Statements } from '../sql.ts'
import type { Buckets } from '../../lib/latency-buckets.ts'
import type { Seen, Span } from './timeline.ts'

/** An outage with its evidence. */
export interface Incident {
  readonly startedAt: Date
  /** Absent while it lasts. */
  readonly endedAt?: Date
  /** It did not recover: it ends with the last check, because the target is not checked any more. Absent: it is, or it has. */
  readonly noLongerWatched?: true
  /** Of the first failure. */
  readonly reason: string
  readonly message: string
  readonly status?: number
  readonly lastFailureAt: Date
  readonly lastReason: string
  readonly lastMessage: string
  /** Whether it began in a maintenance. */
  readonly inMaintenance: boolean
}

/** What happened to a series in a period. */
export interface Counts {
  readonly checks: number
  readonly failures: number
  readonly latency: Buckets
  readonly reasons: ReadonlyMap<string, number>
}

/** One target as seen from one place. */
export interface Series {
  readonly id: number
  readonly target: string
  readonly location: string
  readonly labels: Readonly<Record<string, string>>
  readonly seen: Seen
  /** Those that touch the span, in order. */
  readonly incidents: readonly Incident[]
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** A target is not checked any more where others are, from the same place, for two of its intervals and for so long. */
const goneSeconds = 300

/** Every series of which there is anything in a span. */
export async function readSeries(sql: Statements, span: Span): Promise<Series[]> {
  const bounds = [iso(span.from), iso(span.to)]
  const found = await sql.query<SeriesRow>(
    `select id, target, location, labels, last_at, last_interval,
       (select min(at) from probity.transitions where series_id = id) as first_at,
       last_at + greatest(2 * last_interval, $1) * interval '1 second' < max(last_at) over (partition by location) as is_gone
     from probity.series where last_at is not null order by target, location`,
    [goneSeconds],
  )
  const gaps = await sql.query<{ series_id: number; starts_at: Date; ends_at: Date }>(
    'select * from probity.gaps where ends_at > $1 and starts_at < $2 order by ends_at',
    bounds,
  )
  const incidents = await sql.query<SeriesIncidentRow>(
    `select * from probity.incidents
     where started_at < $2 and (ended_at is null or ended_at > $1) order by started_at`,
    bounds,
  )
  const maintenances = await sql.query<{ series_id: number; starts_at: Date; ends_at: Date | null }>(
    `select * from probity.maintenances
     where starts_at < $2 and (ends_at is null or ends_at > $1) order by starts_at`,
    bounds,
  )
  const maintenancesOf = groupBy(maintenances, ({ series_id: id }) => id)
  const gapsOf = groupBy(gaps, ({ series_id: id }) => id)
  const incidentsOf = groupBy(incidents, ({ series_id: id }) => id)
  return found.map((row): Series => {
    const own = incidentsOf.get(row.id) ?? []
    return {
      id: row.id,
      target: row.target,
      location: row.location,
      labels: row.labels,
      seen: {
        observed: { from: row.first_at.getTime(), to: row.last_at.getTime() + row.last_interval * 1000 },
        gaps: (gapsOf.get(row.id) ?? []).map(({ starts_at: from, ends_at: to }) => ({
          from: from.getTime(),
          to: to.getTime(),
        })),
        outages: own.map(({ started_at: from, ended_at: to }) => spanFrom(from, to)),
        maintenances: (maintenancesOf.get(row.id) ?? []).map(({ starts_at: from, ends_at: to }) =>
          spanFrom(from, to),
        ),
      },
      incidents: own.map((incident) => toIncident(incident, row)),
    }
  })
}

/** What the rollups say about a span, by series: whole days from the days, the rest from the hours that begin in it. */
export async function readCounts(sql: Statements, span: Span): Promise<Map<number, Counts>> {
  const firstDay = Math.ceil(span.from / dayMs) * dayMs
  const endDay = Math.max(firstDay, Math.floor(span.to / dayMs) * dayMs)
  const parts = `
    with parts as (
      select series_id, checks, failures, latency, reasons from probity.daily where day >= $1 and day < $2
      union all
      select series_id, checks, failures, latency, reasons from probity.hourly
      where (hour >= $3 and hour < least($1::timestamptz, $4)) or (hour >= $2 and hour < $4)
    )`
  const bounds = [firstDay, endDay, span.from, span.to].map(iso)
  const counts = await sql.query<{ id: number; checks: number; failures: number }>(
    `${parts} select series_id as id, sum(checks)::integer as checks, sum(failures)::integer as failures
     from parts group by 1`,
    bounds,
  )
  const buckets = await sql.query<{ id: number; key: string; count: number }>(
    `${parts} select series_id as id, key, sum(value::integer)::integer as count
     from parts, jsonb_each_text(latency) group by 1, 2`,
    bounds,
  )
  const reasons = await sql.query<{ id: number; key: string; count: number }>(
    `${parts} select series_id as id, key, sum(value::integer)::integer as count
     from parts, jsonb_each_text(reasons) group by 1, 2`,
    bounds,
  )
  const bucketsOf = groupBy(buckets, ({ id }) => id)
  const reasonsOf = groupBy(reasons, ({ id }) => id)
  return new Map(
    counts.map(({ id, checks, failures }) => [
      id,
      {
        checks,
        failures,
        latency: new Map((bucketsOf.get(id) ?? []).map(({ key, count }) => [Number(key), count])),
        reasons: new Map((reasonsOf.get(id) ?? []).map(({ key, count }) => [key, count])),
      },
    ]),
  )
}

/** Failed checks by series and hour of the day in a time zone. Hours are kept for a while only. */
export async function readFailuresByHour(
  sql: Statements,
  span: Span,
  timeZone: string,
): Promise<{ id: number; hour: number; checks: number; failures: number }[]> {
  return sql.query(
    `select series_id as id, extract(hour from hour at time zone $3)::integer as hour,
       sum(checks)::integer as checks, sum(failures)::integer as failures
     from probity.hourly where hour >= $1 and hour < $2 group by 1, 2`,
    [iso(span.from), iso(span.to), timeZone],
  )
}

interface SeriesRow {
  id: number
  target: string
  location: string
  labels: Record<string, string>
  last_at: Date
  last_interval: number
  first_at: Date
  is_gone: boolean
}

interface SeriesIncidentRow extends IncidentRow {
  series_id: number
}

function spanFrom(from: Date, to: Date | null): Span {
  return { from: from.getTime(), to: to?.getTime() ?? Infinity }
}

function toIncident(row: IncidentRow, series: Pick<SeriesRow, 'is_gone' | 'last_at'>): Incident {
  const isLeft = series.is_gone && !row.ended_at
  return {
    startedAt: row.started_at,
    ...(row.ended_at && { endedAt: row.ended_at }),
    ...(isLeft && { endedAt: series.last_at, noLongerWatched: true }),
    reason: row.reason ?? 'internal',
    message: row.message ?? '',
    ...(row.status !== null && { status: row.status }),
    lastFailureAt: row.last_failure_at,
    lastReason: row.last_reason ?? 'internal',
    lastMessage: row.last_message ?? '',
    inMaintenance: row.maintenance,
  }
}

function iso(time: number): string {
  return new Date(time).toISOString()
}
