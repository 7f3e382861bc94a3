import {
  BigValueColorMode,
  BigValueGraphMode,
  ReduceDataOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import type { Threshold } from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat'
import { absolute, colours, steps } from '../colours.ts'
import { atTheEnd } from '../queries.ts'
import { finish, type PanelOptions, type Placed } from './panel.ts'

export interface StatOptions extends PanelOptions {
  /** PromQL that gives one number. */
  readonly expr: string
  /** Default: no colour. */
  readonly thresholds?: Threshold[]
  readonly decimals?: number
}

/** One number, as it is at the end of the time range. */
export function stat(options: StatOptions): Placed {
  const builder = new PanelBuilder()
    .graphMode(BigValueGraphMode.None)
    .colorMode(BigValueColorMode.Background)
    .reduceOptions(new ReduceDataOptionsBuilder().values(false).calcs(['lastNotNull']))
    .thresholds(absolute(options.thresholds ?? steps(colours.text)))
  if (options.thresholds === undefined && options.mappings === undefined)
    builder.colorMode(BigValueColorMode.None)
  if (options.decimals !== undefined) builder.decimals(options.decimals)
  return finish(builder, options, [atTheEnd({ expr: options.expr }, 0)])
}
