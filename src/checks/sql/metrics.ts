import { maybe, type ProbeMetric } from '../metric.ts'

/** Absent where there was no answer: 0 rows are one. */
export const sqlMetrics: readonly ProbeMetric[] = [
  maybe('probe_sql_rows', 'How many rows the query had, up to 1000', ({ result }) =>
    result.sql?.rows === undefined ? [] : [result.sql.rows],
  ),
]
