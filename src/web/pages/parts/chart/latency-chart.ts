import { html, type Html } from '../../../../lib/text/html.ts'
import { bandsOf, type ChartSeries } from '../../../shared/chart-series.ts'
import { tookText } from '../../../shared/as-text.ts'
import type { LatencySeries, SeriesPoint } from '../../../status/status.ts'
import { changeList } from './change-list.ts'
import { chartRanges, type ChartRange } from './ranges.ts'
import { brokenLine } from '../sparkline.ts'
import { moment } from '../times.ts'

export interface LatencyChartOptions {
  readonly series: LatencySeries
  readonly range: ChartRange
  readonly now: Date
}

const width = 1000
const height = 240

/** Rows of the table: enough to read, whatever the range. */
const maxRows = 48

/** Latency over a range, as a drawing and as a table. A script draws it again so that it can be looked at closely. */
export function latencyChart({ series, range, now }: LatencyChartOptions): Html {
  const data = chartSeries(fromFirstCheck(series))
  const links = chartRanges.map(({ name }) =>
    name === range.name
      ? html`<a href="?range=${name}" aria-current="true" data-range>${name}</a>`
      : html`<a href="?range=${name}" data-range>${name}</a>`,
  )
  const empty = !series.points.some(({ checks }) => checks > 0)
  return html`<section class="box" aria-labelledby="latency">
<header><h2 id="latency">Latency</h2><nav class="ranges" aria-label="Range of the chart">${links}</nav></header>
${
  empty
    ? html`<p class="quiet">No checks in the last ${range.text}.</p>`
    : html`<div data-chart="${JSON.stringify(data)}" data-key="chart-${range.name}"><div class="chart" data-canvas data-kept>${drawing(data)}<div class="axis"><span>${moment(new Date(data.from * 1000), now)}</span><span>${moment(series.to, now)}</span></div></div></div>
${legend(series)}
${changeList(series.marks, now)}<details><summary>The same as a table</summary>${table(series, now)}</details>`
}
</section>`
}

/** Milliseconds: the shortest time that a chart shows, and what is an hour at most. */
const [shortestMs, hourMs] = [60_000, 3_600_000]

/** An hour without the time before the first check, where that is more than half of it: a new target has nothing there. */
function fromFirstCheck(series: LatencySeries): LatencySeries {
  const { from, to, points } = series
  if (to.getTime() - from.getTime() > hourMs) return series
  const first = points.find(({ checks }) => checks > 0)?.at ?? from
  if (first.getTime() - from.getTime() <= (to.getTime() - from.getTime()) / 2) return series
  const begin = Math.min(first.getTime(), to.getTime() - shortestMs)
  return { ...series, from: new Date(begin), points: points.filter(({ at }) => at.getTime() >= begin) }
}

/** Marks that a chart has room for. */
const maxMarks = 50

function chartSeries({
  from,
  to,
  stepSeconds,
  maxLatencySeconds,
  points,
  marks,
}: LatencySeries): ChartSeries {
  return {
    from: from.getTime() / 1000,
    to: to.getTime() / 1000,
    step: stepSeconds,
    limit: maxLatencySeconds,
    at: points.map(({ at }) => Math.round(at.getTime() / 1000)),
    checks: points.map(({ checks }) => checks),
    failures: points.map(({ failures }) => failures),
    p50: points.map(({ p50Seconds }) => rounded(p50Seconds)),
    max: points.map(({ maxSeconds }) => rounded(maxSeconds)),
    marks: marks.slice(0, maxMarks).map(({ at, title }) => ({ at: at.getTime() / 1000, title })),
  }
}

/** To 0.1 ms, which is more than can be seen. */
function rounded(seconds: number | null): number | null {
  return seconds === null ? null : Math.round(seconds * 1e4) / 1e4
}

function drawing(data: ChartSeries): Html {
  const { from, to, limit, at, p50, max, step, marks } = data
  const values = [...p50, ...(step > 0 ? max : [])].filter((value) => value !== null)
  const most = (Math.max(limit ?? 0, ...values) || 1) * 1.05
  const x = (time: number): number => Math.round(((time - from) / (to - from)) * width * 10) / 10
  const y = (value: number): number => Math.round((height - (value / most) * height) * 10) / 10
  const place = (index: number): number => x((at[index] ?? from) + step / 2)
  const bands = bandsOf(data).map(
    (band) =>
      html`<rect class="${band.kind}" x="${x(Math.max(from, band.from))}" width="${Math.max(1.5, x(band.to) - x(band.from))}" height="${height}"/>`,
  )
  const changes = marks.map(
    (mark) => html`<path class="mark" d="M${x(mark.at)} 0V${height}"><title>${mark.title}</title></path>`,
  )
  const upper = step > 0 ? html`<path class="line upper" d="${brokenLine(max, place, y)}"/>` : ''
  return html`<svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="Latency of checks, up to ${tookText(most / 1.05)}; the table below has the numbers">${bands}${limit === null ? '' : html`<path class="limit" d="M0 ${y(limit)}H${width}"/>`}${upper}${changes}<path class="line" d="${brokenLine(p50, place, y)}"/></svg>`
}

function legend({ resolution, maxLatencySeconds }: LatencySeries): Html {
  const line = (className: string): Html =>
    html`<svg viewBox="0 0 14 14" aria-hidden="true"><path class="${className}" d="M0 7h14"/></svg>`
  const block = (className: string): Html =>
    html`<svg viewBox="0 0 14 14" aria-hidden="true"><rect class="${className}" width="14" height="14"/></svg>`
  const hours = resolution === 'hours'
  return html`<ul class="legend">
<li>${line('line')}${hours ? 'median of each hour' : 'each check'}</li>
${hours ? html`<li>${line('line upper')}slowest check</li>` : ''}
${maxLatencySeconds === null ? '' : html`<li>${line('limit')}expected: at most ${tookText(maxLatencySeconds)}</li>`}
<li>${block('failing')}checks failed</li>
<li>${block('unseen')}unobserved</li>
</ul>`
}

function table({ points }: LatencySeries, now: Date): Html {
  const size = Math.ceil(points.length / maxRows)
  const rows: Html[] = []
  for (let start = 0; start < points.length; start += size) {
    const part = points.slice(start, start + size)
    rows.push(tableRow(part, now))
  }
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Latency as a table"><table>
<thead><tr><th scope="col">From</th><th scope="col">Checks</th><th scope="col">Failed</th><th scope="col">Median</th><th scope="col">Slowest</th></tr></thead>
<tbody>${rows.reverse()}</tbody></table></div>`
}

function tableRow(part: readonly SeriesPoint[], now: Date): Html {
  const sum = (read: (point: SeriesPoint) => number): number =>
    part.reduce((all, point) => all + read(point), 0)
  const medians = part.map(({ p50Seconds }) => p50Seconds).filter((value) => value !== null)
  const slowest = part.map(({ maxSeconds }) => maxSeconds).filter((value) => value !== null)
  const middle = medians.sort((a, b) => a - b)[Math.floor(medians.length / 2)]
  const checks = sum(({ checks }) => checks)
  const text = (seconds: number | undefined): string => (seconds === undefined ? '–' : tookText(seconds))
  const at = part[0]?.at ?? now
  return html`<tr><td class="number">${moment(at, now)}</td><td>${checks === 0 ? 'unobserved' : checks}</td><td>${sum(({ failures }) => failures)}</td><td>${text(middle)}</td><td>${slowest.length === 0 ? '–' : tookText(Math.max(...slowest))}</td></tr>`
}
