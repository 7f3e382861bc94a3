import {
  DashboardCursorSync,
  RowBuilder,
  defaultDashboard,
  type AnnotationQuery,
  type Panel,
  type RowPanel,
} from '@grafana/grafana-foundation-sdk/dashboard'
import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import { otherDashboards, tag } from './links.ts'
import type { Placed } from './panels/panel.ts'
import { datasourceVariable, type Variable } from './variables.ts'

/** The classic model: file provisioning of every Grafana reads it. */
export type Dashboard = ReturnType<typeof defaultDashboard>

/** Panels side by side under a heading. They wrap when 24 columns are full. */
export interface Row {
  /** Stays the same when the row moves. Unique among the rows and panels of its dashboard. */
  readonly id: number
  readonly title: string
  /** Height of its panels, in Grafana's units of 30 pixels. */
  readonly height: number
  readonly panels: readonly Placed[]
}

export interface DashboardOptions {
  /** Part of its address: alerts link to it. */
  readonly uid: string
  readonly title: string
  readonly description: string
  /** Start of the time range it opens with, such as `now-6h`. */
  readonly from: string
  /** Chooses the data source. Default: which Prometheus. */
  readonly source?: Variable
  /** In addition to the one for the data source. */
  readonly variables: readonly Variable[]
  readonly annotations: readonly Builder<AnnotationQuery>[]
  readonly rows: readonly Row[]
}

const columns = 24

/** Puts a dashboard together: what all have in common, and where each panel stands. */
export function dashboard(options: DashboardOptions): Dashboard {
  return {
    ...defaultDashboard(),
    uid: options.uid,
    title: options.title,
    description: options.description,
    tags: [tag],
    timezone: 'browser',
    editable: false,
    graphTooltip: DashboardCursorSync.Crosshair,
    time: { from: options.from, to: 'now' },
    refresh: '1m',
    links: [otherDashboards.build()],
    templating: {
      list: [options.source ?? datasourceVariable, ...options.variables].map((variable) => variable.build()),
    },
    annotations: { list: options.annotations.map((annotation) => annotation.build()) },
    panels: place(options.rows),
  }
}

function place(rows: readonly Row[]): (Panel | RowPanel)[] {
  let y = 0
  return rows.flatMap(({ id, title, height, panels }) => {
    const heading = new RowBuilder(title).id(id).gridPos({ x: 0, y, w: columns, h: 1 }).build()
    y += 1
    let x = 0
    const placed = panels.map(({ width, panel }) => {
      if (x + width > columns) {
        x = 0
        y += height
      }
      const gridPos = { x, y, w: width, h: height }
      x += width
      return { ...panel, gridPos }
    })
    y += height
    return [heading, ...placed]
  })
}
