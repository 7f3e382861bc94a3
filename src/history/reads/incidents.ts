import type { IncidentRow } from '../incident-row.ts'
import type { Statements } from '../sql.ts'
import type { View } from './view.ts'

/** An outage, with the evidence of its first and its last failure. */
export interface PastIncident {
  readonly target: string
  readonly startedAt: Date
  /** Absent while it lasts. */
  readonly endedAt?: Date
  /** Whether it began in a maintenance. Absent: it did not. */
  readonly inMaintenance?: boolean
  readonly firstFailure: PastEvidence
  readonly lastFailure: PastEvidence
}

export interface PastEvidence {
  readonly at: Date
  readonly reason: string
  readonly message: string
  readonly statusCode?: number
}

export interface IncidentsAsked {
  /** Those that had ended by then are left out. */
  readonly from?: Date
  /** Those that had not begun by then are left out. */
  readonly to?: Date
  readonly limit: number
}

interface Row extends IncidentRow {
  target: string
}

/** The newest first. @param view Without targets: of all that were ever checked from there. */
export async function readIncidents(
  sql: Statements,
  { targets, location }: Pick<View, 'location'> & Partial<View>,
  { from, to, limit }: IncidentsAsked,
): Promise<PastIncident[]> {
  // As the view probity.incidents has it, but what follows is looked up for those that are shown only, and an outage goes on
  // where the vendor of its target changes.
  const rows = await sql.query<Row>(
    `with begun as (
       select target, first.at, reason, message, status, first.maintenance
       from probity.series
       cross join lateral (
         select max(at) as at from probity.transitions where series_id = series.id and at <= $3
       ) earlier
       join probity.transitions first on first.series_id = series.id and not first.success
         and (earlier.at is null or first.at >= earlier.at) and ($4::timestamptz is null or first.at < $4)
       where ($1::text[] is null or target = any($1)) and location = $2
         and (first.before_at is not null or not coalesce((
           select not previous.success
           from probity.series sibling
           cross join lateral (
             select at, success from probity.transitions
             where series_id = sibling.id and at < first.at order by at desc limit 1
           ) previous
           where sibling.target = series.target and sibling.location = series.location
           order by previous.at desc limit 1
         ), false))
       order by first.at desc, target limit $5
     )
     select target, begun.at as started_at, next.at as ended_at, begun.reason, begun.message, begun.status, begun.maintenance,
       coalesce(next.before_at, newest.last_at, begun.at) as last_failure_at,
       case when next.before_at is null then newest.last_reason else next.before_reason end as last_reason,
       case when next.before_at is null then newest.last_message else next.before_message end as last_message
     from begun
     left join lateral (
       select found.* from probity.series sibling
       cross join lateral (
         select * from probity.transitions later
         where later.series_id = sibling.id and later.at > begun.at and later.success order by later.at limit 1
       ) found
       where sibling.target = begun.target and sibling.location = $2
       order by found.at limit 1
     ) next on true
     left join lateral (
       select last_at, last_reason, last_message from probity.series sibling
       where sibling.target = begun.target and sibling.location = $2
         and not last_success and last_at < coalesce(next.at, 'infinity')
       order by last_at desc limit 1
     ) newest on true
     order by begun.at desc, target`,
    [targets ?? null, location, from?.toISOString() ?? null, to?.toISOString() ?? null, limit],
  )
  return rows.map((row) => ({
    target: row.target,
    startedAt: row.started_at,
    ...(row.ended_at && { endedAt: row.ended_at }),
    ...(row.maintenance && { inMaintenance: true }),
    firstFailure: {
      at: row.started_at,
      reason: row.reason ?? 'internal',
      message: row.message ?? '',
      ...(row.status !== null && { statusCode: row.status }),
    },
    lastFailure: {
      at: row.last_failure_at,
      reason: row.last_reason ?? 'internal',
      message: row.last_message ?? '',
    },
  }))
}
