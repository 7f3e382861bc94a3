import { latencyBounds as bounds } from '../../../metrics/calls.ts'
import { increase, type Scrapes, type Window } from './scrapes.ts'

/** The last bucket has all calls. */
const allBounds: readonly number[] = [...bounds, Infinity]

const zeros = (): number[] => allBounds.map(() => 0)

/** Scrapes that are kept: more than fit into five minutes. */
const maxScrapes = 22

/** The buckets of one histogram. */
interface Buckets {
  /** How many fell below each bound; the last has all. */
  readonly counts: number[]
  /** The calls before the first scrape, which sees zero. */
  readonly before: number[]
  readonly scraped: number[][]
}

/** The latency histograms of one version of one caller, one for each outcome, as Prometheus scrapes them. */
export class LatencyCounters {
  readonly #outcomes = new Map<string, Buckets>()

  observe(seconds: number, outcome: 'ok' | 'error' | 'unknown'): void {
    const told = outcome === 'unknown' ? ['unknown'] : ['ok', 'error']
    for (const each of told)
      if (!this.#outcomes.has(each))
        this.#outcomes.set(each, { counts: zeros(), before: zeros(), scraped: [] })
    const { counts, before, scraped } = this.#outcomes.get(outcome) as Buckets
    const into = scraped.length > 0 ? counts : before
    for (const [index, bound] of allBounds.entries())
      if (seconds <= bound) into[index] = (into[index] as number) + 1
  }

  scrape(): void {
    for (const { counts, before, scraped } of this.#outcomes.values()) {
      scraped.push([...counts])
      scraped.splice(0, scraped.length - maxScrapes)
      for (const [index, count] of before.entries()) counts[index] = (counts[index] as number) + count
      before.fill(0)
    }
  }

  /** By how much a bucket grew, of all outcomes. */
  increase(bucket: number, scrapes: Scrapes, window: Window): number {
    let sum = 0
    for (const { scraped } of this.#outcomes.values())
      sum +=
        increase(
          scrapes,
          scraped.map((counts) => counts[bucket] as number),
          window,
        ) ?? 0
    return sum
  }
}

/**
 * `histogram_quantile(0.95, ...)` of Prometheus over all of them, in seconds; undefined without a call.
 * Source: https://github.com/prometheus/prometheus/blob/v2.42.0/promql/quantile.go (bucketQuantile)
 */
export function percentile95(
  all: readonly LatencyCounters[],
  scrapes: Scrapes,
  window: Window,
): number | undefined {
  const counts = allBounds.map((_bound, bucket) =>
    all.reduce((sum, one) => sum + one.increase(bucket, scrapes, window), 0),
  )
  const total = counts.at(-1) ?? 0
  if (total <= 0) return undefined
  const rank = 0.95 * total
  const bucket = counts.findIndex((count) => count >= rank)
  const end = bounds[bucket]
  if (end === undefined) return bounds.at(-1)
  const below = counts[bucket - 1] ?? 0
  const start = bounds[bucket - 1] ?? 0
  return start + (end - start) * ((rank - below) / ((counts[bucket] as number) - below))
}
