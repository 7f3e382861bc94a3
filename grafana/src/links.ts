import {
  DashboardLinkBuilder,
  DashboardLinkType,
  type DashboardLink,
} from '@grafana/grafana-foundation-sdk/dashboard'
import type { Builder } from '@grafana/grafana-foundation-sdk/cog'

/** Every dashboard has it, and so they find each other. */
export const tag = 'probity'

/** The same data source and time range on the dashboard that a link leads to. */
const here = '${datasource:queryparam}&${__url_time_range}'

/** From a point of a graph to its target. The series has the label `target`. */
export const seriesToTarget = link('Open the target', targetPage('__field.labels.target'))

/** The same from a row of the history, which knows of no Prometheus. The table has the column `Target`. */
export const historyToTarget = link(
  'Open the target',
  '/d/probity-target?var-target=${__data.fields.Target:percentencode}&${__url_time_range}',
)

/** To the page on which a vendor publishes its own state. The column has its address. */
export const toStatusPage = new DashboardLinkBuilder('Open the status page of the vendor')
  .type(DashboardLinkType.Link)
  .url('${__value.raw}')
  .targetBlank(true)

/** From a row of a table to its target. The table has the column `target`. */
export const rowToTarget = link('Open the target', targetPage('__data.fields.target'))

/** From a row of a table to the calls of its target. The table has the column `target`. */
export const rowToCalls = link(
  'Open the calls',
  `/d/probity-calls?var-target=\${__data.fields.target:percentencode}&${here}`,
)

/** To the runbook that the row names. The table has the column `runbook`. */
export const rowToRunbook = new DashboardLinkBuilder('Open the runbook')
  .type(DashboardLinkType.Link)
  .url('${__data.fields.runbook:raw}')
  .targetBlank(true)

/** The other dashboards, at the top of each. */
export const otherDashboards = new DashboardLinkBuilder('Probity')
  .type(DashboardLinkType.Dashboards)
  .tags([tag])
  .asDropdown(false)
  .includeVars(true)
  .keepTime(true)

function targetPage(name: string): string {
  return `/d/probity-target?var-target=\${${name}:percentencode}&${here}`
}

function link(title: string, url: string): Builder<DashboardLink> {
  return new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(url)
}
