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

export async function empty(sql: Sql): Promise<void> {
  await sql.script(`
    truncate probity.transitions, probity.gaps, probity.hourly, probity.daily, probity.touched, probity.probe_results,
      probity.maintenance_changes, probity.series, probity.call_minutes, probity.call_hourly, probity.call_daily`)
}
