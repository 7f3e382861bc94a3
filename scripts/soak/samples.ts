import { readdirSync, readFileSync } from 'node:fs'
import type { Point } from './slope.ts'

/** What is measured of the program again and again. */
const measured = {
  heap: 'nodejs_heap_size_used_bytes',
  resident: 'process_resident_memory_bytes',
  handles: 'nodejs_active_handles',
  descriptors: '',
} as const

export type Measured = keyof typeof measured

export interface Samples {
  readonly points: Readonly<Record<Measured, Point[]>>
  /** The newest page of metrics. */
  readonly last: () => ReadonlyMap<string, number>
  readonly longestLag: () => number
  /** The share of the time in which the program had work to do, and other programs had the processors (Linux). */
  readonly waited: () => number
  readonly take: () => Promise<void>
}

/** Samples of a program: of its own metrics, and of the descriptors that the kernel knows of (Linux). */
export function createSamples(url: string, pid: number): Samples {
  const points: Record<Measured, Point[]> = { heap: [], resident: [], handles: [], descriptors: [] }
  let last: ReadonlyMap<string, number> = new Map()
  let longestLag = 0
  const began = { at: performance.now(), waiting: waitingMs(pid) }
  let waited = 0
  return {
    points,
    last: () => last,
    longestLag: () => longestLag,
    waited: () => waited,
    async take() {
      last = await scrape(`${url}/metrics`)
      longestLag = Math.max(longestLag, last.get('probity_event_loop_lag_seconds') ?? 0)
      const at = performance.now() / 1000
      waited = (waitingMs(pid) - began.waiting) / (performance.now() - began.at)
      for (const [name, series] of Object.entries(measured) as [Measured, string][])
        points[name].push([at, name === 'descriptors' ? descriptors(pid) : sumOf(last, series)])
    },
  }
}

/** Of a metric with labels or without; not a number where there is none. */
function sumOf(all: ReadonlyMap<string, number>, name: string): number {
  const series = [...all].filter(([key]) => key === name || key.startsWith(`${name}{`))
  return series.length === 0 ? NaN : series.reduce((sum, [, value]) => sum + value, 0)
}

/** Of its main thread: https://docs.kernel.org/scheduler/sched-stats.html */
function waitingMs(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6
}

function descriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

/** The series of a page of metrics, by name and labels as they are written. */
async function scrape(url: string): Promise<Map<string, number>> {
  const text = await (await fetch(url)).text()
  return new Map(
    [...text.matchAll(/^(?!#)(.+) (\S+)$/gm)].map(([, series = '', value]) => [series, Number(value)]),
  )
}
