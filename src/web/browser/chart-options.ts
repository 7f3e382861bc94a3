import type uPlot from 'uplot'
import { bandsOf, type Band, type ChartSeries } from '../shared/chart-series.ts'
import { asLocal, dayText, momentText, offsetText, tookText } from '../shared/as-text.ts'

export interface ChartOptionsInput {
  /** What is drawn at present. */
  readonly series: () => ChartSeries
  /** The colour of a name of the sheet. */
  readonly colourOf: (name: string) => string
  /** Called with what is below the pointer; undefined where nothing is. */
  readonly read: (text: string | undefined) => void
}

/** Series as uPlot takes them: times, medians, slowest, limit. Two points without values make room from end to end. */
export function columns({ from, to, at, p50, max, step, limit }: ChartSeries): uPlot.AlignedData {
  // A point of an hour stands in its middle.
  const times = at.map((time) => time + step / 2)
  const first = Math.min(from, times[0] ?? from)
  const last = Math.max(to, times.at(-1) ?? to)
  const all = [first - 1, ...times, last + 1]
  const upper = step > 0 ? [null, ...max, null] : all.map(() => null)
  return [all, [null, ...p50, null], upper, all.map(() => limit)]
}

/** How the chart looks and what it shows. */
export function chartOptions({
  series,
  colourOf,
  read,
}: ChartOptionsInput): Omit<uPlot.Options, 'width' | 'height'> {
  const accent = colourOf('--accent')
  const grid = { stroke: colourOf('--line'), width: 1 }
  const axis = { font: '12px system-ui, sans-serif', stroke: colourOf('--quiet'), grid, ticks: grid }
  const bandColours = { failing: colourOf('--down-fill'), unseen: colourOf('--none-fill') }
  const line = { width: 1.5, stroke: accent, points: { show: false } }
  const limit = { ...line, width: 1, stroke: colourOf('--degraded-fill'), dash: [4, 3] }
  return {
    legend: { show: false },
    cursor: { y: false, points: { show: false } },
    scales: { y: { range: (_, _least, most) => [0, Math.max(most, 0.001) * 1.08] } },
    axes: [
      {
        ...axis,
        size: 32,
        space: 70,
        values: (_, ticks, _axis, _space, step) => ticks.map((tick) => tickText(tick, step)),
      },
      { ...axis, size: 64, values: (_, ticks) => ticks.map((tick) => (tick === 0 ? '0' : tookText(tick))) },
    ],
    series: [{}, line, { ...line, width: 1, stroke: faded(accent, 0.45) }, limit],
    hooks: {
      drawClear: [
        (plot) => {
          for (const band of bandsOf(series())) shade(plot, band, bandColours[band.kind])
          for (const { at } of series().marks) upright(plot, at, axis.stroke)
        },
      ],
      setCursor: [
        ({ cursor: { idx } }) => {
          read(idx === null || idx === undefined ? undefined : textOf(series(), idx - 1))
        },
      ],
    },
  }
}

function tickText(seconds: number, step: number): string {
  const at = asLocal(new Date(seconds * 1000))
  const time = at.toISOString().slice(11, step < 60 ? 19 : 16)
  return step >= 86_400 || /^00:00(?::00)?$/.test(time) ? dayText(at, at) : time
}

/** One point in words; undefined outside the points. */
function textOf({ at, checks, failures, p50, max, step }: ChartSeries, index: number): string | undefined {
  const time = at[index]
  if (time === undefined) return undefined
  const when = new Date(time * 1000)
  const moment = `${momentText(asLocal(when), asLocal(new Date()))} ${offsetText(when)}`
  const [count = 0, failed = 0, middle, most] = [checks[index], failures[index], p50[index], max[index]]
  if (count === 0) return `${moment}: unobserved`
  const parts = [
    ...(typeof middle === 'number' ? [step > 0 ? `median ${tookText(middle)}` : tookText(middle)] : []),
    ...(step > 0 && typeof most === 'number' ? [`slowest ${tookText(most)}`] : []),
    ...(failed > 0 ? [count === 1 ? 'failed' : `${failed} of ${count} checks failed`] : []),
  ]
  return `${moment}: ${parts.join(', ')}`
}

/** A stretch of time behind the lines: failing is a tint, unobserved is hatched. */
function shade(plot: uPlot, { kind, from, to }: Band, colour: string): void {
  const { ctx, bbox } = plot
  const left = Math.max(bbox.left, plot.valToPos(from, 'x', true))
  const right = Math.min(bbox.left + bbox.width, Math.max(plot.valToPos(to, 'x', true), left + 2))
  if (right <= left) return
  ctx.save()
  ctx.beginPath()
  ctx.rect(left, bbox.top, right - left, bbox.height)
  if (kind === 'failing') {
    ctx.fillStyle = faded(colour, 0.28)
    ctx.fill()
  } else {
    ctx.clip()
    ctx.beginPath()
    for (let x = left - bbox.height; x < right; x += 8 * devicePixelRatio) {
      ctx.moveTo(x, bbox.top + bbox.height)
      ctx.lineTo(x + bbox.height, bbox.top)
    }
    ctx.strokeStyle = colour
    ctx.lineWidth = devicePixelRatio
    ctx.stroke()
  }
  ctx.restore()
}

/** The moment of a change: a dashed line from top to bottom. */
function upright(plot: uPlot, at: number, colour: string): void {
  const { ctx, bbox } = plot
  const x = plot.valToPos(at, 'x', true)
  if (x < bbox.left || x > bbox.left + bbox.width) return
  ctx.save()
  ctx.beginPath()
  ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio])
  ctx.moveTo(x, bbox.top)
  ctx.lineTo(x, bbox.top + bbox.height)
  ctx.strokeStyle = colour
  ctx.lineWidth = devicePixelRatio
  ctx.stroke()
  ctx.restore()
}

/** A colour that lets others through; colours of computed styles are written in one way. */
function faded(colour: string, opacity: number): string {
  return colour.replace(/^rgb\((.*)\)$/, `rgba($1, ${opacity})`)
}
