import {
  BigValueColorMode,
  BigValueGraphMode,
  ReduceDataOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import type { Threshold } from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat'
import { absolute, colours, steps } from '../colours.ts'
import { atTheEnd } from '../queries.ts'
import { database, sqlTable } from '../sql-queries.ts'
import { finish, type PanelOptions, type Placed } from './panel.ts'

export interface StatOptions extends Look {
  /** PromQL that gives one number. */
  readonly expr: string
}

/** A number of the history. */
export interface SqlStatOptions extends Look {
  /** SQL that gives one row with one number. */
  readonly sql: string
}

interface Look extends PanelOptions {
  /** Default: no colour. */
  readonly thresholds?: Threshold[]
  readonly decimals?: number
}

/** One number, as it is at the end of the time range. */
export function stat(options: StatOptions): Placed {
  return finish(bigNumber(options), options, [atTheEnd({ expr: options.expr }, 0)])
}

/** One number of the time range, from the history. */
export function sqlStat(options: SqlStatOptions): Placed {
  return finish(bigNumber(options), options, [sqlTable(options.sql)], database)
}

function bigNumber(options: Look): PanelBuilder {
  const builder = new PanelBuilder()
    .graphMode(BigValueGraphMode.None)
    .colorMode(BigValueColorMode.Background)
    .reduceOptions(new ReduceDataOptionsBuilder().values(false).calcs(['lastNotNull']))
    .thresholds(absolute(options.thresholds ?? steps(colours.text)))
  if (options.thresholds === undefined && options.mappings === undefined)
    builder.colorMode(BigValueColorMode.None)
  if (options.decimals !== undefined) builder.decimals(options.decimals)
  return builder
}
