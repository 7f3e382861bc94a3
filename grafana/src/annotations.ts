import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { colours } from './colours.ts'
import { datasource } from './queries.ts'
import { database, sqlTable } from './sql-queries.ts'

/** Marks the time for which an alert fired. */
export function alertAnnotation(name: string, matchers: string): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(datasource)
    .enable(true)
    .iconColor(colours.down)
    .expr(`ALERTS{alertstate="firing",${matchers}}`)
    .titleFormat('{{alertname}}')
    .textFormat('{{target}}')
    .tagKeys('severity,location')
    .step('60s')
}

/** Marks what the history knows of: outages, changes. The SQL gives `time`, `timeend`, `text` and `tags`. */
export function sqlAnnotation(
  name: string,
  sql: string,
  colour: string = colours.down,
): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(database)
    .enable(true)
    .iconColor(colour)
    .target(sqlTable(sql))
}

/** Marks the moments at which Probity took over a new configuration. */
export const configReloads: AnnotationQueryBuilder = new AnnotationQueryBuilder()
  .name('Configuration reloads')
  .datasource(datasource)
  .enable(true)
  .iconColor(colours.neutral)
  .expr('max(probity_config_last_reload_success_timestamp_seconds) * 1000')
  .useValueForTime(true)
  .titleFormat('New configuration')
  .textFormat('config/targets.yml')
  .step('60s')
