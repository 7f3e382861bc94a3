import type { CallRow } from '../row.ts'
import { knowSeries } from './series.ts'
import type { Sql } from '../sql.ts'

const sums = `sum(ok), sum(error), sum(unknown), sum(over_limit), sum(duration_sum), probity.sum_counts(latency)`

const add = `
  ok = known.ok + excluded.ok, error = known.error + excluded.error, unknown = known.unknown + excluded.unknown,
  over_limit = known.over_limit + excluded.over_limit, duration_sum = known.duration_sum + excluded.duration_sum,
  latency = probity.add_counts(known.latency, excluded.latency)`

/** Only what was not there is added up: a batch may come twice. In one order, as with series. */
const insertMinutes = `
  with given as (
    select distinct on (target, location, caller, version, minute, writer) *
    from json_to_recordset($1::json) as rows(
      target text, location text, vendor text, caller text, version text, minute timestamptz, writer text, ok integer,
      error integer, unknown integer, over_limit integer, duration_sum double precision, latency jsonb)
  ), added as (
    insert into probity.call_minutes
      (target, location, caller, version, minute, writer, ok, error, unknown, over_limit, duration_sum, latency)
    select target, location, caller, version, minute, writer, ok, error, unknown, over_limit, duration_sum, latency
    from given
    on conflict do nothing
    returning *
  ), placed as (
    select series.id, added.* from added
    join given using (target, location, caller, version, minute, writer)
    join probity.series on series.target = added.target and series.location = added.location and series.vendor = given.vendor
  ), hours as (
    insert into probity.call_hourly as known
    select id, date_trunc('hour', minute, 'UTC') as hour, ${sums} from placed group by 1, 2 order by 1, 2
    on conflict (series_id, hour) do update set ${add}
  )
  insert into probity.call_daily as known
  select id, date_trunc('day', minute, 'UTC') as day, ${sums} from placed group by 1, 2 order by 1, 2
  on conflict (series_id, day) do update set ${add}`

/**
 * Writes minutes of calls, and adds them to their hours and days: all of it, or nothing.
 *
 * @throws Whatever the database said.
 */
export async function insertCalls(sql: Sql, rows: readonly CallRow[]): Promise<void> {
  if (rows.length === 0) return
  const given = rows.map(({ target, location, labels, checked_at: minute, calls }) => ({
    target,
    location,
    vendor: labels.vendor ?? '',
    minute,
    ...calls,
  }))
  await sql.transaction(async (transaction) => {
    await knowSeries(transaction, rows)
    await transaction.query(insertMinutes, [JSON.stringify(given)])
  })
}
