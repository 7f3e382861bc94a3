import {
  CustomVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableHide,
  VariableRefresh,
  VariableSort,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard'
import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import { datasource } from './queries.ts'

export type Variable = Builder<VariableModel>

/** Which Prometheus. */
export const datasourceVariable: Variable = new DatasourceVariableBuilder('datasource')
  .label('Data source')
  .type('prometheus')

/** The labels by which targets are chosen, each among what the ones before it leave. */
export const vendor = filter('vendor', 'Vendor', '')
export const team = filter('team', 'Team', 'vendor=~"$vendor"')
export const location = filter('location', 'Location', 'vendor=~"$vendor",team=~"$team"')

const chosenBefore = 'vendor=~"$vendor",team=~"$team",location=~"$location"'

/** Any number of targets. */
export const targets = filter('target', 'Target', chosenBefore)

/** Exactly one target. */
export const oneTarget: Variable = new QueryVariableBuilder('target')
  .label('Target')
  .datasource(datasource)
  .query(`label_values(probe_success{${chosenBefore}}, target)`)
  .refresh(VariableRefresh.OnTimeRangeChanged)
  .sort(VariableSort.AlphabeticalCaseInsensitiveAsc)

/** Exactly one target of those that calls are judged by. */
export const callTarget: Variable = new QueryVariableBuilder('target')
  .label('Target')
  .datasource(datasource)
  .query('label_values(api_call_target_max_latency_seconds, target)')
  .refresh(VariableRefresh.OnTimeRangeChanged)
  .sort(VariableSort.AlphabeticalCaseInsensitiveAsc)

/** How many targets the panels over time show. */
export const rows: Variable = new CustomVariableBuilder('rows')
  .label('Rows')
  .description('How many targets the panels over time show: the worst of those that are chosen.')
  .values('10,20,50,100')
  .current({ text: '20', value: '20', selected: true })

/**
 * The targets that the panels over time show. Their names go into the selectors of those panels, so that Prometheus reads
 * the series of these targets and of no others, however many there are.
 *
 * @param expr PromQL on one line that gives one number for each of them.
 */
export function shown(expr: string): Variable {
  return new QueryVariableBuilder('shown')
    .label('Shown')
    .hide(VariableHide.HideVariable)
    .datasource(datasource)
    .query(`query_result(${expr})`)
    .regex('/target="(.*)"} /')
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalCaseInsensitiveAsc)
    .multi(true)
    .includeAll(true)
    .current({ text: ['All'], value: ['$__all'], selected: true })
}

/** Everything by default, also the targets that do not have the label. */
function filter(name: string, label: string, matchers: string): Variable {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(datasource)
    .query(`label_values(probe_success{${matchers}}, ${name})`)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalCaseInsensitiveAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ text: ['All'], value: ['$__all'], selected: true })
}
