import type { ProbeResult } from './result.ts'

/** One metric family: the one place where its name, type, help, labels and unit are written down. */
export interface Metric {
  readonly name: string
  readonly type: 'gauge' | 'counter' | 'histogram'
  readonly help: string
  readonly labels: readonly string[]
  /** Whether the configured labels of the target (vendor, team, ...) come on top of `labels`. */
  readonly targetLabels?: boolean
  readonly unit?: 'seconds' | 'bytes' | 'ratio'
}

/** One check as metrics see it. */
export interface Checked {
  readonly result: ProbeResult
  /** Seconds that this probe was given. */
  readonly timeoutSeconds: number
}

/** A value without labels, or a value with them. */
export type Sample = number | { readonly labels: Readonly<Record<string, string>>; readonly value: number }

/** A gauge on the answer of /probe, with the rule that reads it off a result. `[]` leaves the family out. */
export interface ProbeMetric<P extends Checked = Checked> extends Metric {
  readonly type: 'gauge'
  readonly samples: (probe: P) => readonly Sample[]
}

type Options = Pick<Metric, 'labels' | 'unit'>

/** Declares a family of which every answer has exactly one sample, without labels. */
export function always<P extends Checked = Checked>(
  name: string,
  help: string,
  value: (probe: P) => number,
  unit?: Metric['unit'],
): ProbeMetric<P> {
  return { name, type: 'gauge', help, labels: [], ...(unit && { unit }), samples: (probe) => [value(probe)] }
}

/** Declares a family that has samples only where there is something to say. */
export function maybe<P extends Checked = Checked>(
  name: string,
  help: string,
  samples: (probe: P) => readonly Sample[],
  options: Partial<Options> = {},
): ProbeMetric<P> {
  return { name, type: 'gauge', help, labels: [], ...options, samples }
}
