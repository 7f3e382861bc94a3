import type uPlot from 'uplot'
import { chartOptions, columns } from './chart-options.ts'
import type { ChartSeries } from '../shared/chart-series.ts'

declare global {
  interface Window {
    /** Loaded by a separate script, on pages that have a chart. */
    readonly uPlot: typeof uPlot
  }
}

/** Draws the chart of the page, where it has one, so that it can be zoomed and read off. */
export interface LiveChart {
  /** Draws what has changed: the data or, with `recolour`, the colours. */
  readonly redraw: (recolour?: boolean) => void
}

interface Drawn {
  readonly holder: Element
  readonly json: string
  readonly plot: uPlot
}

const height = 260
const hint = 'Drag to zoom in, double-click to zoom out.'

export function liveChart(): LiveChart {
  let drawn: Drawn | undefined

  function redraw(recolour = false): void {
    const holder = document.querySelector<HTMLElement>('[data-chart]')
    const canvas = holder?.querySelector<HTMLElement>('[data-canvas]')
    if (!('uPlot' in window) || !holder || !canvas) return
    const { chart: json = '{}' } = holder.dataset
    const series = JSON.parse(json) as ChartSeries
    if (drawn?.holder === holder && !recolour) {
      // Somebody who has zoomed in should not be interrupted.
      if (drawn.json !== json && !isZoomed(drawn.plot)) drawn.plot.setData(columns(series))
      drawn = { ...drawn, json }
      return
    }
    drawn?.plot.destroy()
    const readout = document.createElement('p')
    readout.className = 'readout'
    readout.textContent = hint
    canvas.replaceChildren()
    const options = chartOptions({
      series: () => JSON.parse(holder.dataset.chart ?? json) as ChartSeries,
      colourOf: (name) => resolved(holder, name),
      read: (text) => {
        readout.textContent = text ?? hint
      },
    })
    const plot = new window.uPlot({ ...options, width: canvas.clientWidth, height }, columns(series), canvas)
    canvas.append(readout)
    drawn = { holder, json, plot }
  }

  new ResizeObserver(() => {
    const width = document.querySelector('[data-canvas]')?.clientWidth
    if (drawn && width && width !== drawn.plot.width) drawn.plot.setSize({ width, height })
  }).observe(document.body)
  return { redraw }
}

function isZoomed({ scales, data: [times] }: uPlot): boolean {
  const { min, max } = scales.x ?? {}
  return (min ?? 0) > (times[0] ?? 0) || (max ?? Infinity) < (times.at(-1) ?? 0)
}

/** The colour that the sheet gives a name at present, as a canvas takes it. */
function resolved(near: HTMLElement, name: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${name})`
  near.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}
