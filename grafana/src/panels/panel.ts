import type { DashboardLink, Panel, ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog'
import { datasource } from '../queries.ts'

/** What every panel has, whatever it looks like. */
export interface PanelOptions {
  /** Stays the same when the panel moves: links and screenshots name it. Unique on its dashboard. */
  readonly id: number
  readonly title: string
  /** What is shown. */
  readonly shows: string
  /** What to do when it looks bad. */
  readonly whenBad: string
  /** Grafana's name of the unit; `short` for plain numbers. */
  readonly unit: string
  /** Columns of 24. */
  readonly width: number
  readonly mappings?: readonly ValueMapping[]
  readonly links?: readonly Builder<DashboardLink>[]
  /** Shown where there is no data. */
  readonly noValue?: string
}

/** A panel and how wide it is; its row says how high. */
export interface Placed {
  readonly width: number
  readonly panel: Panel
}

/** What the builders of all kinds of panels have in common. */
interface PanelBuilder extends Builder<Panel> {
  id(id: number): this
  title(title: string): this
  description(description: string): this
  datasource(ref: typeof datasource): this
  unit(unit: string): this
  mappings(mappings: ValueMapping[]): this
  dataLinks(links: Builder<DashboardLink>[]): this
  noValue(text: string): this
  targets(targets: Builder<Dataquery>[]): this
}

/**
 * Gives a panel what every panel has.
 *
 * @param source What it asks. Default: Prometheus.
 */
export function finish(
  builder: PanelBuilder,
  options: PanelOptions,
  queries: Builder<Dataquery>[],
  source = datasource,
): Placed {
  const { id, title, shows, whenBad, unit, width, mappings, links, noValue } = options
  builder
    .id(id)
    .title(title)
    .description(`${shows}\n\n**When it looks bad:** ${whenBad}`)
    .datasource(source)
    .unit(unit)
    .targets(queries)
  if (mappings) builder.mappings([...mappings])
  if (links) builder.dataLinks([...links])
  if (noValue !== undefined) builder.noValue(noValue)
  return { width, panel: builder.build() }
}
