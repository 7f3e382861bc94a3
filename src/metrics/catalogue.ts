/** One metric family: the one place its name, type, help, labels and unit are written down. */
export interface Metric {
  readonly name: string
  readonly type: 'gauge' | 'counter' | 'histogram'
  readonly help: string
  readonly labels: readonly string[]
  readonly unit?: 'seconds' | 'bytes' | 'ratio'
  /** Where it is found: on every answer of /probe, or on /metrics. */
  readonly on: 'probe' | 'metrics'
}
