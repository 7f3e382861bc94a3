/** The moments at which calls are counted up, as if Prometheus scraped them. Unix seconds, the oldest first. */
export type Scrapes = readonly number[]

/** What Prometheus would look at when it is asked about the time up to now. Times are unix seconds. */
export interface Window {
  readonly from: number
  readonly until: number
  /** The index of the oldest scrape in it. */
  readonly first: number
}

export function windowOf(scrapes: Scrapes, seconds: number, until: number): Window {
  const from = until - seconds
  return { from, until, first: scrapes.findLastIndex((at) => at <= from) + 1 }
}

/** Prometheus knows time in milliseconds. */
function between(from: number, until: number): number {
  return Math.round((until - from) * 1000) / 1000
}

/**
 * `increase` of Prometheus, so that few calls count for as much here as there. A counter is first seen with what it has, which
 * shows no increase; what the window holds before the first and after the last scrape is estimated.
 * Source: https://github.com/prometheus/prometheus/blob/v2.42.0/promql/functions.go (extrapolatedRate)
 *
 * @param values What the counter was at the newest scrapes: those before were made without it.
 * @returns Undefined where fewer than two scrapes of the window saw it.
 */
export function increase(scrapes: Scrapes, values: readonly number[], window: Window): number | undefined {
  const unseen = scrapes.length - values.length
  const first = Math.max(window.first, unseen)
  const count = scrapes.length - first
  if (count < 2) return undefined
  const [firstAt = NaN, lastAt = NaN] = [scrapes[first], scrapes.at(-1)]
  const [firstValue = NaN, lastValue = NaN] = [values[first - unseen], values.at(-1)]
  const seen = between(firstAt, lastAt)
  const more = lastValue - firstValue
  const apart = seen / (count - 1)
  const estimated = (missing: number): number => (missing < apart * 1.1 ? missing : apart / 2)
  // A counter was never less than zero.
  const sinceZero = more > 0 ? seen * (firstValue / more) : Infinity
  const before = estimated(Math.min(between(window.from, firstAt), sinceZero))
  const after = estimated(between(lastAt, window.until))
  return more * ((seen + before + after) / seen)
}
