import { probeMetrics } from './catalogue.ts'
import type { Probe, ProbeMetric, Sample } from './metric.ts'

/** The media type of the text below. */
export const expositionType = 'text/plain; version=0.0.4; charset=utf-8'

/**
 * One probe as Prometheus' text format.
 * Source of the format: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function renderProbe(probe: Probe): string {
  return probeMetrics[probe.target.check.kind].map((metric) => renderFamily(metric, probe)).join('')
}

function renderFamily(metric: ProbeMetric, probe: Probe): string {
  const samples = metric.samples(probe)
  if (samples.length === 0) return ''
  const head = `# HELP ${metric.name} ${escapeHelp(metric.help)}\n# TYPE ${metric.name} ${metric.type}\n`
  return head + samples.map((sample) => renderSample(metric.name, sample)).join('')
}

function renderSample(name: string, sample: Sample): string {
  if (typeof sample === 'number') return `${name} ${formatValue(sample)}\n`
  const labels = Object.entries(sample.labels).map(([label, value]) => `${label}="${escapeLabel(value)}"`)
  return `${name}{${labels.join(',')}} ${formatValue(sample.value)}\n`
}

function formatValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  return String(value)
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' }

function escapeLabel(value: string): string {
  return value.toWellFormed().replace(/[\\"\n]/g, (character) => escapes[character] ?? character)
}

function escapeHelp(help: string): string {
  return help.replace(/[\\\n]/g, (character) => escapes[character] ?? character)
}
