import type { Counts, Series } from './data.ts'
import { joined, latencyOf, type Latency } from '../../lib/latency-buckets.ts'
import { split, type Maintained, type Span, type Split } from './timeline.ts'

/** What was measured of something in a period. */
export interface Measured extends Split, Maintained, Latency {
  /**
   * 0 to 1: up of what was observed, without maintenance where the vendor's promise is without it. Absent where nothing is left.
   */
  readonly availability?: number
  readonly checks: number
  readonly failures: number
}

/** What of a split is judged. */
export type Judge = (split: Split & Maintained) => Split

/** All of it. */
export const asItWas: Judge = (split) => split

/** Measures several series as one: its seconds are their means. */
export function measure(
  all: readonly Series[],
  span: Span,
  counts: ReadonlyMap<number, Counts>,
  judge: Judge,
): Measured {
  // A target that was not watched at all, because it came later or had gone, says nothing.
  const splits = all.map(({ seen }) => split(span, seen)).filter(isObserved)
  const own = all.flatMap(({ id }) => counts.get(id) ?? [])
  const mean = (of: keyof (Split & Maintained)): number =>
    sum(splits.map((one) => one[of])) / Math.max(1, splits.length)
  const upSeconds = mean('upSeconds')
  const downSeconds = mean('downSeconds')
  const means = {
    upSeconds,
    downSeconds,
    unobservedSeconds: (span.to - span.from) / 1000 - upSeconds - downSeconds,
    maintenanceSeconds: mean('maintenanceSeconds'),
    downInMaintenanceSeconds: mean('downInMaintenanceSeconds'),
  }
  const counting = judge(means)
  return {
    ...means,
    ...(known(counting) > 0 && { availability: counting.upSeconds / known(counting) }),
    checks: sum(own.map(({ checks }) => checks)),
    failures: sum(own.map(({ failures }) => failures)),
    ...latencyOf(joined(own.map(({ latency }) => latency))),
  }
}

/** Seconds that were observed. */
export function known({ upSeconds, downSeconds }: Split): number {
  return upSeconds + downSeconds
}

/** Whether anything was seen. */
export function isObserved(split: Split): boolean {
  return known(split) > 0
}

/** How far beyond a promise of 0 to 1 it is. */
export function over(split: Split, sla: number | undefined) {
  return sla === undefined
    ? {}
    : { overBudgetSeconds: Math.max(0, split.downSeconds - (1 - sla) * known(split)) }
}

/** Adds up. */
export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
