import type { Sql } from '../../../src/history/sql.ts'

const tables = {
  transitions: 'at',
  gaps: 'ends_at',
  maintenance_changes: 'at',
  hourly: 'hour',
  daily: 'day',
}

/** Everything that is computed from the rows, by series and time. */
export async function derived(sql: Sql): Promise<Record<string, unknown[]>> {
  const lines = async (query: string): Promise<unknown[]> =>
    (await sql.query<{ line: unknown }>(query)).map(({ line }) => line)
  const found: Record<string, unknown[]> = {}
  for (const [table, time] of Object.entries(tables))
    found[table] = await lines(
      `select to_jsonb(t) - 'duration_sum' as line from probity.${table} t order by series_id, ${time}`,
    )
  found.newest = await lines(
    `select jsonb_build_array(id, last_at, last_interval, last_success, last_reason, last_message, last_maintenance) as line
     from probity.series order by id`,
  )
  return found
}

/**
 * Throws away what is computed and computes it again from the rows alone: all of it at once, by statements that know nothing of
 * marks and steps. It stands for what the steps must come to.
 */
export async function recompute(sql: Sql): Promise<void> {
  await sql.script(`
    truncate ${Object.keys(tables)
      .map((table) => `probity.${table}`)
      .join(', ')}, probity.touched;
    create temporary table pairs as
      select *,
        lag(checked_at) over earlier as before_at, lag(interval_seconds) over earlier as before_interval,
        lag(success) over earlier as before_success, lag(reason) over earlier as before_reason,
        lag(message) over earlier as before_message, lag(maintenance, 1, false) over earlier as before_maintenance
      from probity.probe_results
      window earlier as (partition by series_id order by checked_at);
    insert into probity.transitions
      select series_id, checked_at, success, reason, message, status, before_at, before_reason, before_message, maintenance
      from pairs where before_at is null or success <> before_success;
    insert into probity.maintenance_changes
      select series_id, checked_at, maintenance from pairs where maintenance <> before_maintenance;
    insert into probity.gaps
      select series_id, before_at + before_interval * interval '1 second', checked_at
      from pairs where checked_at - before_at > 2 * before_interval * interval '1 second';
    ${added('hourly', 'hour')}
    ${added('daily', 'day')}
    update probity.series set
      last_at = checked_at, last_interval = interval_seconds, last_success = success, last_reason = reason,
      last_message = message, last_maintenance = maintenance
    from (select distinct on (series_id) * from pairs order by series_id, checked_at desc) newest
    where id = series_id;
    drop table pairs;`)
}

const added = (table: string, unit: string): string => `
  insert into probity.${table}
  with checks as (select *, date_trunc('${unit}', checked_at, 'UTC') as begins from pairs)
  select series_id, begins, checks, failures, total, longest, coalesce(latency, '{}'), coalesce(reasons, '{}')
  from (
    select series_id, begins, count(*) as checks, count(*) filter (where not success) as failures,
      coalesce(sum(duration_seconds) filter (where success), 0) as total, max(duration_seconds) as longest
    from checks group by 1, 2
  ) counted
  left join (
    select series_id, begins, jsonb_object_agg(bucket, n) as latency
    from (
      select series_id, begins, probity.latency_bucket(duration_seconds) as bucket, count(*) as n
      from checks where success group by 1, 2, 3
    ) buckets group by 1, 2
  ) latencies using (series_id, begins)
  left join (
    select series_id, begins, jsonb_object_agg(reason, n) as reasons
    from (
      select series_id, begins, coalesce(reason, 'internal') as reason, count(*) as n
      from checks where not success group by 1, 2, 3
    ) why group by 1, 2
  ) failed using (series_id, begins);`
