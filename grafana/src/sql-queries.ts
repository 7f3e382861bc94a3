import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common'
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog'
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { refId } from './queries.ts'
import type { Variable } from './variables.ts'

const plugin = 'grafana-postgresql-datasource'

/** The PostgreSQL of the history, chosen by the variable of the dashboards that read it. */
export const database: DataSourceRef = { type: plugin, uid: '${database}' }

/**
 * Which PostgreSQL. It is not called `datasource`: dashboards hand their variables on to each other, and there that is the
 * Prometheus.
 */
export const databaseVariable: Variable = new DatasourceVariableBuilder('database')
  .label('Database')
  .type(plugin)

/** The vendors of which there is anything in the history; all by default. */
export const historyVendor: Variable = new QueryVariableBuilder('vendor')
  .label('Vendor')
  .datasource(database)
  .query('select distinct vendor from probity.endpoints order by 1')
  .refresh(VariableRefresh.OnDashboardLoad)
  .sort(VariableSort.AlphabeticalCaseInsensitiveAsc)
  .multi(true)
  .includeAll(true)
  .current({ text: ['All'], value: ['$__all'], selected: true })

/** Rows as they are. */
export function sqlTable(sql: string, index = 0): Builder<Dataquery> {
  return query(sql, 'table', index)
}

/** Columns `time`, `metric` and a number, in the order of time: a line or bars for each `metric`. */
export function sqlSeries(sql: string, index = 0): Builder<Dataquery> {
  return query(sql, 'time_series', index)
}

/** The SDK has no builder for this plugin. Its model: packages/grafana-sql/src/types.ts of Grafana. */
function query(rawSql: string, format: 'table' | 'time_series', index: number): Builder<Dataquery> {
  const model = {
    refId: refId(index),
    datasource: database,
    editorMode: 'code',
    rawQuery: true,
    format,
    rawSql,
    _implementsDataqueryVariant: () => undefined,
  }
  return { build: () => model }
}
