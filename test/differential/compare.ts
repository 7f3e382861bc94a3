import type { SeenRequest } from '../support/servers/fault-server.ts'

/** Series by their text, its labels sorted. */
export type Samples = ReadonlyMap<string, number>

/** What blackbox_exporter of version 0.23 has, and Probity has by the same name. */
const shared =
  /^probe_(?:success|duration_seconds|dns_|ip_|http_|failed_due_to_regex|expect_info|ssl_|tls_version_info|icmp_|grpc_)/

/** Names of series whose values are durations: only that they are there, and how long they are at most, is the same. */
const durations = /_(?:duration|lookup_time)_seconds(?:\{|$)/

/** Labels that newer versions have. */
const newerLabels = new Set(['serialnumber'])

/** Reads the text format; only what the exporters have in common. */
export function readSamples(text: string): Samples {
  const samples = new Map<string, number>()
  for (const line of text.split('\n')) {
    if (line.startsWith('#') || !shared.test(line)) continue
    const [, name = '', inner = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
    const labels = [...inner.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)]
      .filter(([, label = '']) => !newerLabels.has(label))
      .map(([, label = '', content = '']) => `${label}="${content}"`)
      .sort()
    samples.set(labels.length > 0 ? `${name}{${labels.join(',')}}` : name, Number(value))
  }
  return samples
}

/** The series that are not the same, each with both of its values. */
export function differences(theirs: Samples, ours: Samples, longest: number): Map<string, string> {
  const found = new Map<string, string>()
  for (const series of [...new Set([...theirs.keys(), ...ours.keys()])].sort()) {
    const [their, our] = [theirs.get(series), ours.get(series)]
    const same = durations.test(series)
      ? [their, our].every((value) => value !== undefined && value >= 0 && value <= longest)
      : their === our
    if (!same) found.set(series, `blackbox_exporter ${String(their)}, Probity ${String(our)}`)
  }
  return found
}

/** Headers by which what was asked for can be told apart. */
const compared = [
  'host',
  'authorization',
  'content-type',
  'cookie',
  'x-test',
  'user-agent',
  'accept',
] as const

/** Whether a header is one that an exporter adds by itself. */
function isOwn(name: string, text: string): boolean {
  return name === 'user-agent'
    ? /^(?:Blackbox Exporter|Probity)/.test(text)
    : name === 'accept' && text === '*/*'
}

/** A request in the words that both exporters should have for it. */
export function requestLine({ method, path, headers, body }: SeenRequest): string {
  const shown = compared
    .map((name) => [name, headers[name]] as const)
    .filter(([name, text]) => text !== undefined && !isOwn(name, text))
    .map(([name, text]) => `${name}: ${text ?? ''}`)
  return [`${method} ${path}`, ...shown, body].join('\n')
}
