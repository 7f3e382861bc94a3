import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common'
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'

/** Prometheus, chosen by the variable that every dashboard has. */
export const datasource: DataSourceRef = { type: 'prometheus', uid: '${datasource}' }

export interface Query {
  /** PromQL, with Grafana's variables. */
  readonly expr: string
  /** What the series is called; Grafana's template, such as `{{target}}`. */
  readonly legend?: string
  /** Drawn as what is expected, not as what was seen. */
  readonly limit?: boolean
}

/** `A` for the first query of a panel, `B` for the second. */
export function refId(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index)
}

/** Over the time range that is shown. */
export function overTime({ expr, legend }: Query, index: number): DataqueryBuilder {
  const query = base(expr, index).range().format(PromQueryFormat.TimeSeries)
  return legend === undefined ? query : query.legendFormat(legend)
}

/** At the end of the time range that is shown: one number for each series. */
export function atTheEnd({ expr, legend }: Query, index: number): DataqueryBuilder {
  const query = base(expr, index).instant().format(PromQueryFormat.TimeSeries)
  return legend === undefined ? query : query.legendFormat(legend)
}

/** At the end of the time range that is shown: one row for each series, its labels as columns. */
export function asTable(expr: string, index: number): DataqueryBuilder {
  return base(expr, index).instant().format(PromQueryFormat.Table)
}

function base(expr: string, index: number): DataqueryBuilder {
  return new DataqueryBuilder().datasource(datasource).refId(refId(index)).expr(expr)
}
