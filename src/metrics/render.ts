import { probeMetricsOf } from './catalogue.ts'
import type { Sample } from '../checks/metric.ts'
import type { Probe, TargetMetric } from './probe.ts'
import { formatLabels, formatValue, head } from './text.ts'

/** A family with what every answer says of it alike. */
interface Family extends Pick<TargetMetric, 'name' | 'samples'> {
  readonly head: string
}

/** By kind of check: the lines are the same for every probe of it. */
const prepared = new Map<string, readonly Family[]>()

/**
 * One probe as Prometheus' text format.
 */
export function renderProbe(probe: Probe): string {
  let text = ''
  for (const { name, samples, head } of familiesOf(probe.target.check.kind)) {
    const values = samples(probe)
    if (values.length > 0) text += head
    for (const sample of values) text += line(name, sample)
  }
  return text
}

function familiesOf(kind: Probe['target']['check']['kind']): readonly Family[] {
  const known = prepared.get(kind)
  if (known) return known
  const families = probeMetricsOf(kind).map((metric) => ({
    name: metric.name,
    head: head(metric),
    samples: metric.samples,
  }))
  prepared.set(kind, families)
  return families
}

function line(name: string, sample: Sample): string {
  return typeof sample === 'number'
    ? `${name} ${formatValue(sample)}\n`
    : `${name}{${formatLabels(sample.labels)}} ${formatValue(sample.value)}\n`
}
