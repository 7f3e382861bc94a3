import type { Statements } from '../sql.ts'
import type { Counted } from './ratio.ts'
import { dayMs, iso, type View } from './view.ts'

export interface DayCount extends Counted {
  /** `2026-11-21`, UTC. */
  readonly day: string
}

/**
 * What was counted on each day of UTC, today last.
 *
 * @returns By target; a day on which nothing was seen has no checks.
 */
export async function readDays(
  sql: Statements,
  { targets, location }: View,
  { now, days }: { readonly now: number; readonly days: number },
): Promise<(target: string) => DayCount[]> {
  const today = Math.floor(now / dayMs)
  const names = Array.from({ length: days }, (_, index) =>
    iso((today - days + 1 + index) * dayMs).slice(0, 10),
  )
  // One row per target: a row per day costs ten times as much to read.
  const rows = await sql.query<{ target: string; days: Record<string, [number, number]> }>(
    `select target,
       json_object_agg(to_char(day at time zone 'UTC', 'YYYY-MM-DD'), json_build_array(checks, failures)) as days
     from (
       select target, day, sum(checks)::integer as checks, sum(failures)::integer as failures
       from probity.series join probity.daily on series_id = id
       where target = any($1) and location = $2 and day >= $3 and day < $4
       group by target, day
     ) counted
     group by target`,
    [targets, location, iso((today - days + 1) * dayMs), iso((today + 1) * dayMs)],
  )
  const found = new Map(rows.map((row) => [row.target, row.days]))
  return (target) => {
    const counts = found.get(target) ?? {}
    return names.map((day) => {
      const [checks, failures] = counts[day] ?? [0, 0]
      return { day, checks, failures }
    })
  }
}
