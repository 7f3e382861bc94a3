import { probeMetricsOf } from './catalogue.ts'
import type { Sample } from '../checks/metric.ts'
import type { Probe, TargetMetric } from './probe.ts'
import { formatLabels, formatValue, head } from './text.ts'

/** The media type of the text below. */
export const expositionType = 'text/plain; version=0.0.4; charset=utf-8'

/**
 * One probe as Prometheus' text format.
 */
export function renderProbe(probe: Probe): string {
  return probeMetricsOf(probe.target.check.kind)
    .map((metric) => renderFamily(metric, probe))
    .join('')
}

function renderFamily(metric: TargetMetric, probe: Probe): string {
  const samples = metric.samples(probe)
  return samples.length === 0
    ? ''
    : head(metric) + samples.map((sample) => line(metric.name, sample)).join('')
}

function line(name: string, sample: Sample): string {
  return typeof sample === 'number'
    ? `${name} ${formatValue(sample)}\n`
    : `${name}{${formatLabels(sample.labels)}} ${formatValue(sample.value)}\n`
}
