import type { Checked, ProbeMetric } from '../checks/metric.ts'
import type { Target } from '../config/target/target.ts'

/** One check of a target as metrics see it: what was expected and what was seen. */
export interface Probe extends Checked {
  readonly target: Target
}

/** A metric that is read off a check and its target. */
export type TargetMetric = ProbeMetric<Probe>
