import type { HistoryRow } from '../row.ts'
import type { Statements } from '../sql.ts'

const insertSeries = `
  insert into probity.series as known (target, location, labels)
  select target, location, labels from json_to_recordset($1::json) as given(target text, location text, labels jsonb)
  where not exists (
    select from probity.series old
    where old.target = given.target and old.location = given.location and old.labels = given.labels)
  on conflict (target, location, vendor) do update set labels = excluded.labels`

type Named = Pick<HistoryRow, 'target' | 'location' | 'labels' | 'checked_at'>

/**
 * Makes the partitions that rows need, knows their series, and the labels that these have now. A target has a series for each
 * vendor that it has had, so that a row, late or not, belongs to the vendor of its own time.
 */
export async function knowSeries(transaction: Statements, rows: readonly Named[]): Promise<void> {
  const times = rows.map(({ checked_at: at }) => at).sort()
  const series = new Map(
    rows.map((row) => [`${row.target}\n${row.location}\n${row.labels.vendor ?? ''}`, row]),
  )
  // One order for every writer, so that two that meet at the same series do not wait for each other in a circle.
  const known = [...series]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { target, location, labels }]) => ({ target, location, labels }))
  await transaction.query('select probity.make_partitions($1, $2)', [times[0], times.at(-1)])
  await transaction.query(insertSeries, [JSON.stringify(known)])
}
