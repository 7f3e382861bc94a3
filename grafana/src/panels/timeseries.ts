import {
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import {
  FieldColorBuilder,
  FieldColorModeId,
  type DynamicConfigValue,
  type Threshold,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries'
import { absolute, colours } from '../colours.ts'
import { overTime, refId, type Query } from '../queries.ts'
import { finish, type PanelOptions, type Placed } from './panel.ts'

export interface TimeseriesOptions extends PanelOptions {
  readonly queries: readonly Query[]
  /** On top of each other, as areas or as bars. */
  readonly stacked?: 'areas' | 'bars'
  /** Fixed lines, where what is expected is not a series. */
  readonly lines?: Threshold[]
  readonly min?: number
  readonly max?: number
  /** The axis reaches at least so far, so that a quiet series does not look like a storm. */
  readonly softMax?: number
  /** A colour for each name of a series; where there is none, Grafana picks it by the name. */
  readonly named?: Readonly<Record<string, string>>
  /** Another time range than the dashboard's, such as `3d`: the newest of it. */
  readonly newest?: string
  /** The least distance of two points, such as `1h`; default: that of two scrapes. */
  readonly interval?: string
}

/** Dashed, red, never filled and never stacked: what is expected, whichever panel it is on. */
const limitLine: DynamicConfigValue[] = [
  { id: 'color', value: { mode: FieldColorModeId.Fixed, fixedColor: colours.limit } },
  { id: 'custom.lineStyle', value: { fill: 'dash', dash: [10, 8] } },
  { id: 'custom.lineWidth', value: 1 },
  { id: 'custom.fillOpacity', value: 0 },
  { id: 'custom.stacking', value: { mode: StackingMode.None, group: 'limit' } },
]

/** Lines over time. */
export function timeseries(options: TimeseriesOptions): Placed {
  const { queries, stacked, lines, min, max, softMax, named, newest, interval } = options
  const builder = new PanelBuilder()
    .lineWidth(stacked === undefined ? 1 : 0)
    .fillOpacity(stacked === undefined ? 0 : 60)
    .showPoints(VisibilityMode.Auto)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName))
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .calcs(['lastNotNull', 'max'])
        .sortBy('Max')
        .sortDesc(true),
    )
  if (stacked !== undefined)
    builder.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'))
  if (stacked === 'bars') builder.drawStyle(GraphDrawStyle.Bars)
  if (lines) {
    builder
      .thresholds(absolute(lines))
      .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed))
  }
  if (min !== undefined) builder.min(min)
  if (max !== undefined) builder.max(max)
  if (softMax !== undefined) builder.axisSoftMax(softMax)
  if (newest !== undefined) builder.timeFrom(newest)
  if (interval !== undefined) builder.interval(interval)
  for (const [name, fixedColor] of Object.entries(named ?? {})) {
    builder.overrideByName(name, [{ id: 'color', value: { mode: FieldColorModeId.Fixed, fixedColor } }])
  }
  queries.forEach((query, index) => {
    if (query.limit) builder.overrideByQuery(refId(index), limitLine)
  })
  return finish(builder, options, queries.map(overTime))
}
