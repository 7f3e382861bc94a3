import {
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/statetimeline'
import { colours } from '../colours.ts'
import { overTime, type Query } from '../queries.ts'
import { finish, type PanelOptions, type Placed } from './panel.ts'

export interface TimelineOptions extends PanelOptions {
  readonly queries: readonly Query[]
}

/** So many cells fit side by side and can still be told apart. */
const columns = 240

/** A row for each series, coloured by what it was at each moment. */
export function timeline(options: TimelineOptions): Placed {
  const builder = new PanelBuilder()
    .maxDataPoints(columns)
    .showValue(VisibilityMode.Never)
    .mergeValues(true)
    .rowHeight(0.85)
    .lineWidth(0)
    .fillOpacity(85)
    .perPage(25)
    // Not by thresholds: Grafana then merges values that lie between the same two, whatever they are mapped to.
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(colours.noData))
    .legend(new VizLegendOptionsBuilder().showLegend(false))
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Single))
  return finish(builder, options, options.queries.map(overTime))
}
