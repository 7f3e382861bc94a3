import {
  FieldTextAlignment,
  TableCellDisplayMode,
  TableCellHeight,
  TableSortByFieldStateBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import type {
  DashboardLink,
  DynamicConfigValue,
  Threshold,
  ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard'
import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table'
import { absolute } from '../colours.ts'
import { asTable, refId } from '../queries.ts'
import { database, sqlTable } from '../sql-queries.ts'
import { finish, type PanelOptions, type Placed } from './panel.ts'

/** How a column looks. */
interface Look {
  /** What it is called. */
  readonly name: string
  readonly mappings?: ValueMapping[]
  readonly thresholds?: Threshold[]
  readonly links?: readonly Builder<DashboardLink>[]
  /** Pixels. Default: what is left. */
  readonly width?: number
}

/** A column of numbers: the values of a query. */
export interface Column extends Look {
  readonly expr: string
  readonly unit: string
  readonly decimals?: number
}

/** A column of words: a label that all queries of the table have. */
export interface LabelColumn extends Look {
  readonly label: string
}

export interface TableOptions extends Omit<PanelOptions, 'unit' | 'mappings' | 'links'> {
  /** In this order, before the numbers. */
  readonly labels: readonly LabelColumn[]
  /** Their queries give rows that are matched by their labels. */
  readonly columns: readonly Column[]
  /** The name of a column. Its largest values come first, unless `ascending`. */
  readonly sortBy: string
  readonly ascending?: boolean
}

/** Rows of labels, and of numbers from one query for each column. */
export function table(options: TableOptions): Placed {
  const { labels, columns, sortBy, ascending } = options
  const builder = new PanelBuilder()
    .cellHeight(TableCellHeight.Sm)
    .sortBy([new TableSortByFieldStateBuilder().displayName(sortBy).desc(!(ascending ?? false))])
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({ id: 'organize', options: arrangement(labels, columns) })
  for (const column of labels) builder.overrideByName(column.name, look(column))
  for (const column of columns) {
    builder.overrideByName(column.name, [...number(column.unit, column.decimals), ...look(column)])
  }
  const queries = columns.map(({ expr }, index) => asTable(expr, index))
  return finish(builder, { ...options, unit: 'short' }, queries)
}

/** A column of the history. */
export interface SqlColumn extends Look {
  /** Default: words. */
  readonly unit?: string
  readonly decimals?: number
}

export interface SqlTableOptions extends Omit<PanelOptions, 'unit' | 'mappings' | 'links'> {
  /** SQL whose columns have the names of these, in this order. Its rows are shown in its order. */
  readonly sql: string
  readonly columns: readonly SqlColumn[]
}

/** Rows of the history. */
export function sqlRows(options: SqlTableOptions): Placed {
  const builder = new PanelBuilder().cellHeight(TableCellHeight.Sm)
  for (const { unit, decimals, ...column } of options.columns) {
    builder.overrideByName(column.name, [
      ...(unit === undefined ? [] : number(unit, decimals)),
      ...look(column),
    ])
  }
  return finish(builder, { ...options, unit: 'short' }, [sqlTable(options.sql)], database)
}

/** How a number stands in its column. */
function number(unit: string, decimals: number | undefined): DynamicConfigValue[] {
  return [
    { id: 'unit', value: unit },
    ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
    { id: 'custom.align', value: FieldTextAlignment.Right },
  ]
}

/**
 * Grafana calls the values of several queries `Value #A`, `Value #B`; and `Value` where only one query has an answer, which
 * is the first: the others only add to its rows.
 */
function arrangement(labels: readonly LabelColumn[], columns: readonly Column[]): object {
  const fields = [
    ...labels.map(({ label, name }) => [label, name] as const),
    ...columns.map(({ name }, index) => [`Value #${refId(index)}`, name] as const),
    ...columns.slice(0, 1).map(({ name }) => ['Value', name] as const),
  ]
  return {
    excludeByName: { Time: true },
    indexByName: Object.fromEntries(fields.map(([field], index) => [field, index])),
    renameByName: Object.fromEntries(fields),
  }
}

function look({ mappings, thresholds, links, width }: Look): DynamicConfigValue[] {
  const coloured = mappings ?? thresholds
  return [
    ...(mappings ? [{ id: 'mappings', value: mappings }] : []),
    ...(thresholds ? [{ id: 'thresholds', value: absolute(thresholds).build() }] : []),
    ...(coloured ? [{ id: 'custom.cellOptions', value: { type: TableCellDisplayMode.ColorText } }] : []),
    ...(links ? [{ id: 'links', value: links.map((link) => link.build()) }] : []),
    ...(width === undefined ? [] : [{ id: 'custom.width', value: width }]),
  ]
}
