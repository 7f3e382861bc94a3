import { insertCalls } from './insert-calls.ts'
import type { CallRow, CheckRow, HistoryRow } from '../row.ts'
import { knowSeries } from './series.ts'
import type { Sql } from '../sql.ts'

/** Rows that are there already stay as they are: a batch may come twice. Each mark is of one hour, so that a late row marks no other. */
const insertChecks = `
  with given as (
    select series.id as series_id, rows.*
    from json_to_recordset($1::json) as rows(
      target text, location text, checked_at timestamptz, duration_seconds double precision,
      interval_seconds double precision, success boolean, reason text, message text, status smallint, phases jsonb,
      maintenance boolean, labels jsonb)
    join probity.series on series.target = rows.target and series.location = rows.location
      and series.vendor = coalesce(rows.labels ->> 'vendor', '')
  ), added as (
    insert into probity.probe_results
    select series_id, checked_at, duration_seconds, interval_seconds, success, reason, message, status, phases,
      coalesce(maintenance, false)
    from given
    on conflict do nothing
    returning series_id, checked_at
  )
  insert into probity.touched
  select series_id, min(checked_at), max(checked_at) from added
  group by series_id, date_trunc('hour', checked_at, 'UTC')`

/**
 * Writes rows of any kind.
 *
 * @throws Whatever the database said; some may be there then, and are not doubled by writing them again.
 */
export async function insertRows(sql: Sql, rows: readonly HistoryRow[]): Promise<void> {
  await insertResults(sql, rows.filter(isCheck))
  await insertCalls(sql, rows.filter(isCall))
}

function isCall(row: HistoryRow): row is CallRow {
  return 'calls' in row
}

function isCheck(row: HistoryRow): row is CheckRow {
  return !isCall(row)
}

/**
 * Writes checks, marks what they touch for the rollups, and makes the partitions that they need: all of it, or nothing.
 *
 * @throws Whatever the database said.
 */
export async function insertResults(sql: Sql, rows: readonly CheckRow[]): Promise<void> {
  if (rows.length === 0) return
  await sql.transaction(async (transaction) => {
    await knowSeries(transaction, rows)
    await transaction.query(insertChecks, [JSON.stringify(rows)])
  })
}
