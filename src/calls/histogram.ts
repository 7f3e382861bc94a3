import { latencyBounds as bounds } from '../metrics/calls.ts'

/** Observed durations, in cumulative form only when they are read: observing is what happens often. */
export class Histogram {
  /** How many fell between a bound and the one before; the last is beyond all bounds. */
  readonly #counts = new Float64Array(bounds.length + 1)
  #sum = 0

  observe(seconds: number): void {
    let low = 0
    let high: number = bounds.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (seconds <= (bounds[middle] as number)) high = middle
      else low = middle + 1
    }
    this.#counts[low] = (this.#counts[low] as number) + 1
    this.#sum += seconds
  }

  /** Appends the lines of the Prometheus text format. */
  render(name: string, labels: string, lines: string[]): void {
    let count = 0
    for (const [index, bound] of bounds.entries()) {
      count += this.#counts[index] as number
      lines.push(`${name}_bucket{${labels},le="${bound}"} ${count}`)
    }
    count += this.#counts[bounds.length] as number
    lines.push(
      `${name}_bucket{${labels},le="+Inf"} ${count}`,
      `${name}_sum{${labels}} ${this.#sum}`,
      `${name}_count{${labels}} ${count}`,
    )
  }
}
