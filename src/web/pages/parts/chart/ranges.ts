/** What a chart can show. */
export interface ChartRange {
  readonly name: string
  /** Seconds. */
  readonly seconds: number
  readonly text: string
}

const hour: ChartRange = { name: '1h', seconds: 3600, text: 'hour' }
const day: ChartRange = { name: '24h', seconds: 86_400, text: '24 hours' }
const week: ChartRange = { name: '7d', seconds: 604_800, text: '7 days' }

export const chartRanges: readonly ChartRange[] = [
  hour,
  day,
  week,
  { name: '30d', seconds: 2_592_000, text: '30 days' },
]

/** Checks that a chart should have at least. */
const enough = 12

/**
 * The range in the address; if it names no known one, the shortest in which there are enough checks.
 *
 * @param intervalSeconds From one check to the next.
 */
export function rangeOf(query: Readonly<Record<string, unknown>>, intervalSeconds: number): ChartRange {
  const named = chartRanges.find(({ name }) => name === query.range)
  return named ?? [hour, day].find(({ seconds }) => seconds >= enough * intervalSeconds) ?? week
}
