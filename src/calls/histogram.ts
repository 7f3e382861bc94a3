/** Upper bounds of the buckets, in seconds. The limit of a target is counted exactly elsewhere, so that they need not fit. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 0.75, 1, 1.5, 2.5, 5, 10, 30] as const

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
