import { duration, latency, percent } from '../units.ts'
import type { DayReport } from '../daily.ts'
import type { VendorReport } from '../reported.ts'
import { drawBars, type Bar } from './bars.ts'

/** A picture with a bar for each day, and what it shows in words. */
export interface Chart {
  readonly heading: string
  /** For readers who see no pictures. */
  readonly words: string
  readonly png: Buffer
  /** Pixels at which it is shown. */
  readonly height: number
  /** What the first and the last bar are. */
  readonly ends: readonly [first: string, last: string]
}

/** Tables say enough about fewer days; of more, a bar would be thinner than a pixel. */
const fewest = 2
const most = 400

/** Below it, a day without a promise is red. */
const weak = 0.95

/** The charts of a vendor. */
export function charts({ days, sla }: Pick<VendorReport, 'days' | 'sla'>): Chart[] {
  const [first, last] = [days[0], days.at(-1)]
  if (!first || !last || days.length < fewest || days.length > most) return []
  const ends = [first.day, last.day] as const
  return [availability(days, sla), downtime(days), latencies(days)]
    .filter((chart) => chart !== undefined)
    .map(({ bars, height, ...chart }) => ({ ...chart, height, png: drawBars(bars, 2 * height), ends }))
}

interface Drawn extends Pick<Chart, 'heading' | 'words' | 'height'> {
  readonly bars: readonly Bar[]
}

function availability(days: readonly DayReport[], sla = 1): Drawn {
  const bars = days.map(({ availability: share }): Bar => {
    if (share === undefined) return { height: 0.3, tone: 'unknown' }
    if (share >= sla) return { height: 1, tone: 'good' }
    return share >= weak ? { height: 0.8, tone: 'weak' } : { height: 0.6, tone: 'bad' }
  })
  const known = days.flatMap(({ day, availability: share }) => (share === undefined ? [] : [{ day, share }]))
  const worst = known.reduce<(typeof known)[number] | undefined>(
    (found, one) => (found && found.share <= one.share ? found : one),
    undefined,
  )
  const words =
    worst === undefined
      ? 'nothing was observed'
      : worst.share < 1
        ? `the worst day was ${worst.day}: ${percent(worst.share)}`
        : 'no day had a failure'
  return { heading: 'Availability per day', words, height: 28, bars }
}

/** Absent where nothing was down. */
function downtime(days: readonly DayReport[]): Drawn | undefined {
  const longest = Math.max(...days.map(({ downSeconds }) => downSeconds))
  const incidents = days.reduce((total, day) => total + day.incidents, 0)
  if (longest === 0) return undefined
  return {
    heading: 'Downtime per day',
    words: `at most ${duration(longest)}; incidents that began: ${incidents}`,
    height: 40,
    bars: days.map(({ downSeconds }) => ({ height: downSeconds / longest, tone: 'bad' })),
  }
}

/** Absent where no latency is known. */
function latencies(days: readonly DayReport[]): Drawn | undefined {
  const known = days.flatMap(({ p95 }) => p95 ?? [])
  if (known.length === 0) return undefined
  const highest = Math.max(...known)
  return {
    heading: 'Latency per day (p95)',
    words: `from ${latency(Math.min(...known))} to ${latency(highest)}`,
    height: 56,
    bars: days.map(({ p95 = 0 }) => ({ height: p95 / highest, tone: 'plain' })),
  }
}
