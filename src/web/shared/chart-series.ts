/** What a chart is drawn of, on either side: one array per column. Times are Unix seconds, latencies seconds. */
export interface ChartSeries {
  readonly from: number
  readonly to: number
  /** What one point stands for; 0 where it is one check. */
  readonly step: number
  /** Null: none. */
  readonly limit: number | null
  readonly at: readonly number[]
  readonly checks: readonly number[]
  readonly failures: readonly number[]
  readonly p50: readonly (number | null)[]
  readonly max: readonly (number | null)[]
  /** What has changed. */
  readonly marks: readonly { readonly at: number; readonly title: string }[]
}

/** A stretch of time in which checks failed, or in which nothing was seen. */
export interface Band {
  readonly kind: 'failing' | 'unseen'
  readonly from: number
  readonly to: number
}

/** The stretches of a series. A point stands for the time until the next one. */
export function bandsOf({ from, to, step, at, checks, failures }: ChartSeries): Band[] {
  const bands: { kind: Band['kind']; from: number; to: number }[] = []
  const first = at[0] ?? to
  if (first - from > Math.max(2 * step, (to - from) / 50)) bands.push({ kind: 'unseen', from, to: first })
  at.forEach((start, index) => {
    const kind = checks[index] === 0 ? 'unseen' : (failures[index] ?? 0) > 0 ? 'failing' : undefined
    if (kind === undefined) return
    const next = at[index + 1]
    const end = Math.min(to, step > 0 && kind === 'failing' ? start + step : (next ?? to))
    const last = bands.at(-1)
    if (last?.kind === kind && last.to >= start) last.to = end
    else bands.push({ kind, from: start, to: end })
  })
  return bands
}
