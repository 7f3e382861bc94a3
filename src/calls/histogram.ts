import { latencyBounds as bounds } from '../metrics/calls.ts'

/** A call that stands for those of its bucket. */
interface Exemplar {
  readonly traceId: string
  readonly seconds: number
  /** Unix time in milliseconds. */
  readonly wall: number
}

/** Observed durations, in cumulative form only when they are read: observing is what happens often. */
export class Histogram {
  /** How many fell between a bound and the one before; the last is beyond all bounds. */
  readonly #counts = new Float64Array(bounds.length + 1)
  /** The newest of each bucket. */
  readonly #exemplars = new Map<number, Exemplar>()
  #sum = 0

  /**
   * @param traceId The trace that a call is part of, where that is known.
   * @param wall Unix time in milliseconds.
   */
  observe(seconds: number, traceId?: string, wall = 0): void {
    let low = 0
    let high: number = bounds.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (seconds <= (bounds[middle] as number)) high = middle
      else low = middle + 1
    }
    this.#counts[low] = (this.#counts[low] as number) + 1
    this.#sum += seconds
    if (traceId !== undefined) this.#exemplars.set(low, { traceId, seconds, wall })
  }

  /**
   * Appends the lines of the Prometheus text format.
   *
   * @param exemplars Whether they may have what OpenMetrics has in addition.
   */
  render(name: string, labels: string, lines: string[], exemplars: boolean): void {
    let count = 0
    for (const [index, bucket] of this.#counts.entries()) {
      count += bucket
      const exemplar = exemplars ? this.#exemplars.get(index) : undefined
      lines.push(`${name}_bucket{${labels},le="${bounds[index] ?? '+Inf'}"} ${count}${shown(exemplar)}`)
    }
    lines.push(`${name}_sum{${labels}} ${this.#sum}`, `${name}_count{${labels}} ${count}`)
  }
}

function shown(exemplar: Exemplar | undefined): string {
  if (!exemplar) return ''
  return ` # {trace_id="${exemplar.traceId}"} ${exemplar.seconds} ${exemplar.wall / 1000}`
}
