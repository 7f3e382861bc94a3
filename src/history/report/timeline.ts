/** A stretch of time in milliseconds; the end is not part of it. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** What is known of a series over time. */
export interface Seen {
  /** From the first check to the moment until which the last one speaks. */
  readonly observed: Span
  readonly gaps: readonly Span[]
  /** From a first failure to the first success after it. */
  readonly outages: readonly Span[]
  /** From a first check in a maintenance to the first after it. */
  readonly maintenances: readonly Span[]
}

/** Seconds of a period. The three add up to its length. */
export interface Split {
  readonly upSeconds: number
  readonly downSeconds: number
  /** Neither up nor down: nothing was seen. */
  readonly unobservedSeconds: number
}

/** The part of a period that was in maintenance. It still counts as up or down. */
export interface Maintained {
  readonly maintenanceSeconds: number
  readonly downInMaintenanceSeconds: number
}

/**
 * Splits a period. A check speaks for the time until the next one; where that is more than two intervals away, it speaks for
 * one interval, and the rest is unobserved, within an outage too.
 */
export function split(period: Span, seen: Seen): Split & Maintained {
  const observed = without(cut(seen.observed, period), seen.gaps)
  const outages = both(observed, seen.outages)
  const down = seconds(outages)
  const known = seconds(observed)
  return {
    upSeconds: known - down,
    downSeconds: down,
    unobservedSeconds: seconds([period]) - known,
    maintenanceSeconds: seconds(both(observed, seen.maintenances)),
    downInMaintenanceSeconds: seconds(both(outages, seen.maintenances)),
  }
}

/** Takes what was in maintenance out of what is judged. */
export function withoutMaintenance(split: Split & Maintained): Split {
  const upInMaintenance = split.maintenanceSeconds - split.downInMaintenanceSeconds
  return {
    upSeconds: split.upSeconds - upInMaintenance,
    downSeconds: split.downSeconds - split.downInMaintenanceSeconds,
    unobservedSeconds: split.unobservedSeconds,
  }
}

/** Seconds of an outage in which it was seen. */
export function downSeconds(outage: Span, seen: Seen): number {
  return seconds(without(cut(seen.observed, outage), seen.gaps))
}

function both(spans: readonly Span[], others: readonly Span[]): Span[] {
  return others.flatMap((other) => spans.flatMap((span) => cut(span, other)))
}

function cut(span: Span, by: Span): Span[] {
  const from = Math.max(span.from, by.from)
  const to = Math.min(span.to, by.to)
  return from < to ? [{ from, to }] : []
}

function without(spans: readonly Span[], gaps: readonly Span[]): Span[] {
  return gaps.reduce<Span[]>(
    (left, gap) =>
      left.flatMap((span) => [
        ...cut(span, { from: -Infinity, to: gap.from }),
        ...cut(span, { from: gap.to, to: Infinity }),
      ]),
    [...spans],
  )
}

function seconds(spans: readonly Span[]): number {
  return spans.reduce((sum, { from, to }) => sum + to - from, 0) / 1000
}
