import type { HistoryRow } from './row.ts'
import type { Sql } from './sql.ts'

/** Knows the series of these rows, and the labels that they have now. */
const insertSeries = `
  insert into probity.series as known (target, location, labels)
  select target, location, labels from json_to_recordset($1::json) as given(target text, location text, labels jsonb)
  where not exists (
    select from probity.series old
    where old.target = given.target and old.location = given.location and old.labels = given.labels)
  on conflict (target, location) do update set labels = excluded.labels`

/** Rows that are there already stay as they are: a batch may come twice. */
const insertRows = `
  with given as (
    select series.id as series_id, rows.*
    from json_to_recordset($1::json) as rows(
      target text, location text, checked_at timestamptz, duration_seconds double precision,
      interval_seconds double precision, success boolean, reason text, message text, status smallint, phases jsonb)
    join probity.series using (target, location)
  ), added as (
    insert into probity.probe_results
    select series_id, checked_at, duration_seconds, interval_seconds, success, reason, message, status, phases
    from given
    on conflict do nothing
    returning series_id, checked_at
  )
  insert into probity.touched
  select series_id, min(checked_at), max(checked_at) from added group by series_id`

/**
 * Writes rows, marks what they touch for the rollups, and makes the partitions that they need: all of it, or nothing.
 *
 * @throws Whatever the database said.
 */
export async function insertResults(sql: Sql, rows: readonly HistoryRow[]): Promise<void> {
  if (rows.length === 0) return
  const times = rows.map(({ checked_at: at }) => at).sort()
  const series = new Map(rows.map((row) => [`${row.target}\n${row.location}`, row]))
  // One order for every writer, so that two that meet at the same series do not wait for each other in a circle.
  const known = [...series.keys()].sort().map((key) => {
    const { target, location, labels } = series.get(key) as HistoryRow
    return { target, location, labels }
  })
  await sql.transaction(async (transaction) => {
    await transaction.query('select probity.make_partitions($1, $2)', [times[0], times.at(-1)])
    await transaction.query(insertSeries, [JSON.stringify(known)])
    await transaction.query(insertRows, [JSON.stringify(rows)])
  })
}
