import { dashboardFile, dashboards } from '../../grafana/src/dashboards.ts'
import type { Answer, PrometheusApi } from './programs/prometheus-api.ts'

/** What Grafana does with a dashboard before it asks Prometheus, without a Grafana. */

/** A reference to the data source. */
interface Datasource {
  readonly type: string
  readonly uid: string
}

/** What these tests read of the JSON of a dashboard. */
export interface DashboardJson {
  readonly uid: string
  readonly title: string
  readonly description: string
  readonly editable: boolean
  readonly tags: readonly string[]
  readonly time: { readonly from: string; readonly to: string }
  readonly panels: readonly PanelJson[]
  readonly templating: { readonly list: readonly VariableJson[] }
  readonly annotations: { readonly list: readonly AnnotationJson[] }
}

export interface PanelJson {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description?: string
  readonly datasource?: Datasource
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets?: readonly QueryJson[]
  readonly interval?: string
  readonly maxDataPoints?: number
  readonly timeFrom?: string
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit?: string
      readonly noValue?: string
      readonly links?: readonly { readonly url: string }[]
    }
    readonly overrides: readonly {
      readonly matcher: { readonly id: string; readonly options: string }
      readonly properties: readonly { readonly id: string; readonly value: unknown }[]
    }[]
  }
}

export interface QueryJson {
  readonly refId: string
  /** PromQL; only Prometheus has it. */
  readonly expr: string
  /** Of a database. */
  readonly rawSql?: string
  readonly format?: string
  readonly instant?: boolean
  readonly range?: boolean
  readonly datasource?: Datasource
}

export interface VariableJson {
  readonly name: string
  readonly type: string
  readonly query: string
  readonly regex?: string
  readonly allValue?: string
  readonly current?: { readonly value: string | readonly string[] }
  readonly datasource?: Datasource
}

export interface AnnotationJson {
  readonly name: string
  readonly expr: string
  readonly target?: { readonly rawSql?: string }
  readonly datasource: Datasource
}

/** Every dashboard, as its file has it. */
export const dashboardJsons: readonly DashboardJson[] = dashboards.map(
  (dashboard) => JSON.parse(dashboardFile(dashboard).content()) as DashboardJson,
)

/** The dashboards that read the history, from PostgreSQL. */
export const sqlDashboards = dashboardJsons.filter(asksDatabase)

/** Those that read Prometheus. */
export const promDashboards = dashboardJsons.filter((dashboard) => !asksDatabase(dashboard))

function asksDatabase({ templating }: DashboardJson): boolean {
  return templating.list.some(({ type, query }) => type === 'datasource' && query.includes('postgresql'))
}

/** Unix time in seconds. */
export interface TimeRange {
  readonly from: number
  readonly to: number
}

/** A query and the panel that it is on. */
export interface PanelQuery extends QueryJson {
  readonly panel: PanelJson
}

/** The names of variables and what they stand for in PromQL. */
export type Values = ReadonlyMap<string, string>

/** That of `grafana/provisioning/datasources`. */
const scrapeSeconds = 15

/** What a panel asks for where it does not say: about its width in pixels. */
const usualDataPoints = 1000

/** The panels of a dashboard, without the headings of rows. */
export function panelsOf({ panels }: DashboardJson): PanelJson[] {
  return panels.filter(({ type }) => type !== 'row')
}

/** Every query of every panel. */
export function queriesOf(dashboard: DashboardJson): PanelQuery[] {
  return panelsOf(dashboard).flatMap((panel) => (panel.targets ?? []).map((query) => ({ ...query, panel })))
}

/** Puts values in the place of variables: `$name` and `${name}`. What starts with a digit is none. */
export function interpolate(text: string, values: Values): string {
  return text.replaceAll(
    /\$(?:\{([a-zA-Z_]\w*)\}|([a-zA-Z_]\w*))/g,
    (written, braced?: string, bare?: string) => {
      const value = values.get(braced ?? bare ?? '')
      if (value === undefined) throw new Error(`no value for ${written} in: ${text}`)
      return value
    },
  )
}

/** Seconds between two points of a panel, and the variables that derive from it. */
function timeVariables(range: TimeRange, panel: PanelJson): { step: number; values: Values } {
  const length = range.to - range.from
  const least = panel.interval === undefined ? scrapeSeconds : seconds(panel.interval)
  const step = Math.max(least, niceStep(length / (panel.maxDataPoints ?? usualDataPoints)))
  // https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/
  const rateInterval = Math.max(step + scrapeSeconds, 4 * scrapeSeconds)
  const values = new Map([
    ['__interval', `${step}s`],
    ['__rate_interval', `${rateInterval}s`],
    ['__range', `${Math.round(length)}s`],
  ])
  return { step, values }
}

const niceSteps = [15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400]

function niceStep(wanted: number): number {
  return niceSteps.find((step) => step >= wanted) ?? 86_400
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** Seconds of a duration such as `1h`. */
function seconds(duration: string): number {
  return Number.parseFloat(duration) * (unitSeconds[duration.at(-1) ?? ''] ?? Number.NaN)
}

/** The time range that a panel opens with. */
export function openingRange(dashboard: DashboardJson, panel: PanelJson, now: number): TimeRange {
  const from = panel.timeFrom ?? dashboard.time.from.replace('now-', '')
  return { from: now - seconds(from), to: now }
}

/** Gives each variable its default, in their order: of a query, what Prometheus answers. */
export async function defaultValues(
  dashboard: DashboardJson,
  prometheus: PrometheusApi,
  range: TimeRange,
): Promise<Map<string, string>> {
  const values = new Map<string, string>([['__range', `${Math.round(range.to - range.from)}s`]])
  for (const variable of dashboard.templating.list) {
    values.set(variable.name, await defaultValue(variable, values, prometheus, range))
  }
  return values
}

async function defaultValue(
  variable: VariableJson,
  values: Values,
  prometheus: PrometheusApi,
  range: TimeRange,
): Promise<string> {
  const { type, name, allValue, current } = variable
  if (type === 'datasource') return 'prometheus'
  if (type !== 'query') return String(current?.value)
  const options = await optionsOf(variable, values, prometheus, range)
  if (current?.value.includes('$__all')) return allValue ?? `(${options.map(escapeRegex).join('|')})`
  const [first] = options
  if (first === undefined) throw new Error(`the variable ${name} has no options`)
  return first.replaceAll('\\', '\\\\').replaceAll('"', '\\"')
}

/** What Prometheus offers for a variable. */
export async function optionsOf(
  variable: VariableJson,
  values: Values,
  prometheus: PrometheusApi,
  range: TimeRange,
): Promise<string[]> {
  const query = interpolate(variable.query, values)
  const [, selector, label] = /^label_values\((.+), (\w+)\)$/.exec(query) ?? []
  if (selector !== undefined && label !== undefined) {
    return (await prometheus.labelValues(label, selector, range.from, range.to)).sort()
  }
  const [, expr] = /^query_result\((.+)\)$/.exec(query) ?? []
  if (expr === undefined)
    throw new Error(`the variable ${variable.name} asks for what is not known: ${query}`)
  const [, pattern] = /^\/(.*)\/$/.exec(variable.regex ?? '') ?? []
  const { series } = await prometheus.query(expr, range.to)
  return series.flatMap(({ metric, values: [point] }) => {
    const labels = Object.entries(metric).map(([name, value]) => `${name}="${value}"`)
    const text = `{${labels.join(',')}} ${String(point?.[1])} ${Number(point?.[0]) * 1000}`
    return new RegExp(pattern ?? '(.*)').exec(text)?.[1] ?? []
  })
}

/** As the data source escapes each of several values: for a regular expression inside a quoted string. */
function escapeRegex(value: string): string {
  return value.replaceAll('\\', String.raw`\\\\`).replaceAll(/[$^*{}[\]'+?.()|]/g, String.raw`\\$&`)
}

/** Asks Prometheus what Grafana would, for a panel as it opens or for another time range. */
export async function ask(
  prometheus: PrometheusApi,
  { panel, expr, instant }: PanelQuery,
  values: Values,
  range: TimeRange,
): Promise<Answer> {
  const time = timeVariables(range, panel)
  const promql = interpolate(expr, new Map([...values, ...time.values]))
  if (instant === true) return prometheus.query(promql, range.to)
  const from = Math.floor(range.from / time.step) * time.step
  return prometheus.queryRange(promql, from, range.to, time.step)
}
