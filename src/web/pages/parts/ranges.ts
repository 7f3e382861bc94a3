/** What a chart can show. */
export interface ChartRange {
  readonly name: string
  /** Seconds. */
  readonly seconds: number
  readonly text: string
}

const day: ChartRange = { name: '24h', seconds: 86_400, text: '24 hours' }

export const chartRanges: readonly ChartRange[] = [
  { name: '1h', seconds: 3600, text: 'hour' },
  day,
  { name: '7d', seconds: 604_800, text: '7 days' },
  { name: '30d', seconds: 2_592_000, text: '30 days' },
]

/** The range in the address; a day if it names no known one. */
export function rangeOf(query: Readonly<Record<string, unknown>>): ChartRange {
  return chartRanges.find(({ name }) => name === query.range) ?? day
}
