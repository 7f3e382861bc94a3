import { maybe, type ProbeMetric } from '../metric.ts'

/** What the steps of a transaction did. A step that was not run has no sample: nothing is known of it. */
export const stepMetrics: readonly ProbeMetric[] = [
  maybe(
    'probe_step_duration_seconds',
    'How long a step of a transaction or of a script took; absent when it was not run',
    ({ result }) =>
      (result.steps ?? []).flatMap(({ name: step, durationSeconds: value }) =>
        value === undefined ? [] : [{ labels: { step }, value }],
      ),
    { labels: ['step'], unit: 'seconds' },
  ),
  maybe(
    'probe_step_success',
    'Whether a step of a transaction or of a script was as expected; absent when it was not run',
    ({ result }) =>
      (result.steps ?? []).flatMap(({ name: step, outcome, durationSeconds }) =>
        durationSeconds === undefined ? [] : [{ labels: { step }, value: Number(outcome === 'succeeded') }],
      ),
    { labels: ['step'] },
  ),
]
