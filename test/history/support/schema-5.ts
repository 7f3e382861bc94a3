import { readdir, readFile } from 'node:fs/promises'
import type { CallRow, CheckRow } from '../../../src/history/row.ts'
import type { Sql } from '../../../src/history/sql.ts'

/** The five steps that made databases before there was a `schema.sql`, as they were. */
const steps = new URL('../fixtures/schema-5/', import.meta.url)

/** Makes a database as a version before it did: the first so many of the five steps. */
export async function makeOldSchema(sql: Sql, upTo = 5): Promise<void> {
  await sql.script(`
    drop schema if exists probity cascade;
    create schema probity;
    create table probity.migrations (number integer primary key, name text not null)`)
  const names = (await readdir(steps)).sort().filter((name) => parseInt(name, 10) <= upTo)
  for (const name of names) {
    await sql.script(await readFile(new URL(name, steps), 'utf8'))
    await sql.query('insert into probity.migrations values ($1, $2) on conflict do nothing', [
      parseInt(name, 10),
      name,
    ])
  }
}

/** Writes checks and a minute of calls of one target, as a version with the five steps did. */
export async function fillOldSchema(sql: Sql, checks: readonly CheckRow[], minute: CallRow): Promise<void> {
  const times = checks.map(({ checked_at: at }) => at).sort()
  await sql.query('select probity.make_partitions($1, $2)', [times[0], times.at(-1)])
  await sql.query('insert into probity.series (target, location, labels) values ($1, $2, $3::jsonb)', [
    minute.target,
    minute.location,
    JSON.stringify(minute.labels),
  ])
  await sql.query(
    `with added as (
       insert into probity.probe_results
       select id, checked_at, duration_seconds, interval_seconds, success, reason, message, status, phases,
         coalesce(rows.maintenance, false)
       from json_to_recordset($1::json) as rows(
         target text, location text, checked_at timestamptz, duration_seconds double precision,
         interval_seconds double precision, success boolean, reason text, message text, status smallint, phases jsonb,
         maintenance boolean)
       join probity.series using (target, location)
       returning series_id, checked_at
     )
     insert into probity.touched select series_id, min(checked_at), max(checked_at) from added group by 1`,
    [JSON.stringify(checks)],
  )
  const {
    caller,
    version,
    writer,
    ok,
    error,
    unknown,
    over_limit: over,
    duration_sum: sum,
    latency,
  } = minute.calls
  const counts = [ok, error, unknown, over, sum, JSON.stringify(latency)]
  await sql.query(
    `insert into probity.call_minutes
       (target, location, caller, version, minute, writer, ok, error, unknown, over_limit, duration_sum, latency)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb)`,
    [minute.target, minute.location, caller, version, minute.checked_at, writer, ...counts],
  )
  for (const [table, unit] of [
    ['call_hourly', 'hour'],
    ['call_daily', 'day'],
  ] as const)
    await sql.query(
      `insert into probity.${table}
       select id, date_trunc('${unit}', $1::timestamptz, 'UTC'), $2, $3, $4, $5, $6, $7::jsonb from probity.series`,
      [minute.checked_at, ...counts],
    )
}
