import type { Statements } from '../sql.ts'
import type { View } from './view.ts'

/** The newest check that is stored, and when its outcome began. */
export interface Latest {
  readonly last: {
    readonly at: Date
    readonly success: boolean
    /** Absent where the row is gone. */
    readonly durationSeconds?: number
    readonly reason?: string
    readonly message?: string
    readonly statusCode?: number
  }
  /** The first check with the outcome of the newest. */
  readonly change: {
    readonly at: Date
    readonly success: boolean
    /** Whether that was in a maintenance. Absent: it was not. */
    readonly inMaintenance?: boolean
    readonly reason?: string
    readonly message?: string
    readonly statusCode?: number
  }
}

interface Row {
  target: string
  last_at: Date
  last_success: boolean
  last_reason: string | null
  last_message: string | null
  duration: number | null
  status: number | null
  change_at: Date
  change_success: boolean
  change_reason: string | null
  change_message: string | null
  change_status: number | null
  change_maintenance: boolean
  change_is_first: boolean
}

/** By target. */
export async function readLatest(sql: Statements, { targets, location }: View): Promise<Map<string, Latest>> {
  const rows = await sql.query<Row>(
    `select target, last_at, last_success, last_reason, last_message, duration_seconds as duration, newest.status,
       change.at as change_at, change.success as change_success, change.reason as change_reason,
       change.message as change_message, change.status as change_status,
       change.maintenance as change_maintenance, change.before_at is null as change_is_first
     from probity.series
     cross join lateral (
       select * from probity.transitions where series_id = series.id order by at desc limit 1
     ) change
     left join probity.probe_results newest on newest.series_id = series.id and newest.checked_at = last_at
     where target = any($1) and location = $2 and last_at is not null
     order by target, last_at desc`,
    [targets, location],
  )
  return new Map(
    rows.reduce<Row[]>(goOn, []).map((row) => [
      row.target,
      {
        last: {
          at: row.last_at,
          success: row.last_success,
          ...(row.duration !== null && { durationSeconds: row.duration }),
          ...(row.status !== null && { statusCode: row.status }),
          ...(!row.last_success && why(row.last_reason, row.last_message)),
        },
        change: {
          at: row.change_at,
          success: row.change_success,
          ...(row.change_maintenance && { inMaintenance: true }),
          ...(row.change_status !== null && { statusCode: row.change_status }),
          ...(!row.change_success && why(row.change_reason, row.change_message)),
        },
      },
    ]),
  )
}

/**
 * A target has a row for each vendor that it has had, the newest first. Where the first check under a vendor had the outcome of the
 * last one under the vendor before, that outcome began earlier.
 */
function goOn(rows: Row[], older: Row): Row[] {
  const row = rows.at(-1)
  if (row?.target !== older.target) return [...rows, older]
  if (!row.change_is_first || row.last_success !== older.last_success || row.change_at < older.last_at)
    return rows
  const { last_at, last_success, last_reason, last_message, duration, status } = row
  return [
    ...rows.slice(0, -1),
    { ...older, last_at, last_success, last_reason, last_message, duration, status },
  ]
}

function why(reason: string | null, message: string | null): { reason: string; message: string } {
  return { reason: reason ?? 'internal', message: message ?? '' }
}
