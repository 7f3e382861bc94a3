import type { Statements } from '../sql.ts'
import { shareOf } from './ratio.ts'
import { dayMs, hourMs, iso } from './view.ts'

/** What was seen of a target from one place. */
export interface LocationPast {
  readonly location: string
  readonly at: Date
  readonly success: boolean
  /** Absent where the row is gone. */
  readonly durationSeconds?: number
  readonly reason?: string
  readonly message?: string
  /** Of whole hours: those that began in the last 24. Null where there was no check. */
  readonly last24h: number | null
}

interface Row {
  target: string
  location: string
  last_at: Date
  last_success: boolean
  last_reason: string | null
  last_message: string | null
  duration: number | null
  checks: number
  failures: number
}

/** Locations of a target that are read. */
const most = 100

/**
 * By target, the locations that have checked it within a day, in the order of their names. Those of targets that are checked from one
 * location are not read.
 *
 * @param now Unix time in milliseconds.
 */
export function readLocations(
  sql: Statements,
  targets: readonly string[],
  now: number,
): Promise<Map<string, LocationPast[]>> {
  return readPlaces(sql, { targets, now, from: 2 })
}

export interface PlacesAsked {
  readonly targets: readonly string[]
  /** Unix time in milliseconds. */
  readonly now: number
  /** Targets with fewer locations are left out. */
  readonly from: number
  /** A location that is left out. Default: none is. */
  readonly except?: string
}

/** By target, the locations that have checked it within a day, in the order of their names. */
export async function readPlaces(
  sql: Statements,
  { targets, now, from, except }: PlacesAsked,
): Promise<Map<string, LocationPast[]>> {
  const firstHour = (Math.floor(now / hourMs) - 23) * hourMs
  const rows = await sql.query<Row>(
    `with several as (
       select target from probity.series
       where target = any($1) and last_at >= $2 and ($5::text is null or location <> $5)
       group by target having count(distinct location) >= $4
     ), places as (
       select series.*, row_number() over (partition by target order by location, last_at desc) as place
       from probity.series join several using (target)
       where last_at >= $2 and ($5::text is null or location <> $5)
     ), day as (
       select series_id, sum(checks) as checks, sum(failures) as failures
       from probity.hourly
       where series_id = any(array(select id from places where place <= ${most})) and hour >= $3
       group by series_id
     )
     select target, location, last_at, last_success, last_reason, last_message, duration_seconds as duration,
       coalesce(day.checks, 0)::integer as checks, coalesce(day.failures, 0)::integer as failures
     from places
     left join probity.probe_results newest on newest.series_id = places.id and newest.checked_at = last_at
     left join day on day.series_id = places.id
     where place <= ${most}
     order by target, location, last_at desc`,
    [targets, iso(now - dayMs), iso(firstHour), from, except ?? null],
  )
  const found = new Map<string, Row[]>()
  for (const row of rows) {
    const known = found.get(row.target) ?? []
    found.set(row.target, known)
    const newer = known.at(-1)
    // It has a row for each vendor that it has had, the newest first.
    if (newer?.location === row.location) known.splice(-1, 1, together(newer, row))
    else known.push(row)
  }
  return new Map([...found].map(([target, ofTarget]) => [target, ofTarget.map(pastOf)]))
}

function together(newer: Row, older: Row): Row {
  return { ...newer, checks: newer.checks + older.checks, failures: newer.failures + older.failures }
}

function pastOf(row: Row): LocationPast {
  return {
    location: row.location,
    at: row.last_at,
    success: row.last_success,
    ...(row.duration !== null && { durationSeconds: row.duration }),
    ...(!row.last_success && { reason: row.last_reason ?? 'internal', message: row.last_message ?? '' }),
    last24h: shareOf(row.checks, row.failures),
  }
}
