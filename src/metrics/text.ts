import type { Metric } from '../checks/metric.ts'

/*
 * The pieces of Prometheus' text format.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 */

/** The lines that stand before the samples of a family. */
export function head({ name, help, type }: Pick<Metric, 'name' | 'help' | 'type'>): string {
  return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`
}

/** What stands between the braces. */
export function formatLabels(labels: Readonly<Record<string, string>>): string {
  let text = ''
  for (const name in labels) text += `${text === '' ? '' : ','}${name}="${escapeLabel(labels[name] ?? '')}"`
  return text
}

export function formatValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  return String(value)
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' }

function escapeLabel(value: string): string {
  if (/^[ !#-[\]-~]*$/.test(value)) return value
  return value.toWellFormed().replace(/[\\"\n]/g, (character) => escapes[character] ?? character)
}

function escapeHelp(help: string): string {
  return help.replace(/[\\\n]/g, (character) => escapes[character] ?? character)
}
