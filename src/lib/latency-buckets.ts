/** How often each bucket of `probity.latency_bucket` occurred: bucket i is above 1.02^(i-1) seconds and at most 1.02^i. */
export type Buckets = ReadonlyMap<number, number>

const base = 1.02

/** The bucket of a duration in seconds. */
export function latencyBucket(seconds: number): number {
  return Math.ceil(Math.log(Math.max(seconds, 1e-6)) / Math.log(base))
}

export interface Latency {
  /** Seconds, within 1 % of the exact quantile by nearest rank; absent where there is nothing to measure. */
  readonly p50?: number
  readonly p95?: number
  readonly p99?: number
}

/** The quantiles of what was counted. */
export function latencyOf(buckets: Buckets): Latency {
  const sorted = [...buckets].sort(([a], [b]) => a - b)
  const total = sorted.reduce((sum, [, count]) => sum + count, 0)
  if (total === 0) return {}
  const at = (quantile: number): number => {
    let left = Math.ceil(quantile * total)
    for (const [bucket, count] of sorted) {
      left -= count
      // The value whose relative distance to both bounds is the same.
      if (left <= 0) return (2 * base ** bucket) / (base + 1)
    }
    return NaN
  }
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

/** Several as one. */
export function joined(all: readonly Buckets[]): Buckets {
  const sum = new Map<number, number>()
  for (const buckets of all)
    for (const [bucket, count] of buckets) sum.set(bucket, (sum.get(bucket) ?? 0) + count)
  return sum
}
