import type { CheckRow } from '../../../src/history/row.ts'
import type { Sql } from '../../../src/history/sql.ts'

/** A check that succeeded in 0.1 s, of the target `a`, every 30 s. */
export function row(at: string | number, fields: Partial<CheckRow> = {}): CheckRow {
  return {
    target: 'a',
    location: 'here',
    labels: { vendor: 'v' },
    checked_at: new Date(at).toISOString(),
    duration_seconds: 0.1,
    interval_seconds: 30,
    success: true,
    ...fields,
  }
}

/** One that failed. */
export function failed(at: string | number, fields: Partial<CheckRow> = {}): CheckRow {
  return row(at, {
    success: false,
    reason: 'status',
    message: 'expected 2xx, got 503',
    status: 503,
    ...fields,
  })
}

/** Everything that is computed from the rows, by series and time. */
export async function derived(sql: Sql): Promise<Record<string, unknown[]>> {
  const tables = {
    transitions: 'at',
    gaps: 'ends_at',
    hourly: 'hour',
    daily: 'day',
    maintenance_changes: 'at',
  }
  const found: Record<string, unknown[]> = {}
  for (const [table, time] of Object.entries(tables))
    found[table] = (
      await sql.query<{ line: unknown }>(
        `select to_jsonb(t) - 'duration_sum' as line from probity.${table} t order by series_id, ${time}`,
      )
    ).map(({ line }) => line)
  return found
}

/** Throws away what is computed and computes it again from the rows alone. */
export async function recompute(sql: Sql): Promise<void> {
  await sql.script(`
    truncate probity.transitions, probity.gaps, probity.hourly, probity.daily, probity.touched,
      probity.maintenance_changes;
    update probity.series set last_at = null, last_interval = null, last_success = null, last_reason = null, last_message = null,
      last_maintenance = null;
    select probity.roll_series(series_id, min(checked_at), max(checked_at)) from probity.probe_results group by series_id;`)
}

export async function empty(sql: Sql): Promise<void> {
  await sql.script(`
    truncate probity.transitions, probity.gaps, probity.hourly, probity.daily, probity.touched, probity.probe_results,
      probity.maintenance_changes, probity.series, probity.call_minutes, probity.call_hourly, probity.call_daily`)
}
