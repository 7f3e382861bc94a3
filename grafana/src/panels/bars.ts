import {
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import { PanelBuilder as BarChart } from '@grafana/grafana-foundation-sdk/barchart'
import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries'
import { colours } from '../colours.ts'
import { database, sqlSeries, sqlTable } from '../sql-queries.ts'
import { finish, type PanelOptions, type Placed } from './panel.ts'

export interface BarsOptions extends PanelOptions {
  readonly sql: string
}

/** Bars over time, on top of each other. The SQL gives `time`, `metric` and a number. */
export function barsOverTime(options: BarsOptions): Placed {
  const builder = new TimeSeries()
    .drawStyle(GraphDrawStyle.Bars)
    .lineWidth(0)
    .fillOpacity(60)
    .min(0)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName))
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Right)
        .calcs(['sum'])
        .sortBy('Total')
        .sortDesc(true),
    )
  return finish(builder, options, [sqlSeries(options.sql)], database)
}

/** A bar for each row. The SQL gives its name, in a text column, and its number. */
export function bars(options: BarsOptions): Placed {
  const builder = new BarChart()
    .min(0)
    .lineWidth(0)
    .fillOpacity(80)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(colours.down))
    .legend(new VizLegendOptionsBuilder().showLegend(false).displayMode(LegendDisplayMode.List))
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Single))
  return finish(builder, options, [sqlTable(options.sql)], database)
}
