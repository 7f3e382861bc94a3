import type { SeenRequest } from '../support/servers/fault-server.ts'

/** Series by their text, its labels sorted. */
export type Samples = ReadonlyMap<string, number>

/** What every version of blackbox_exporter has, and Probity has by the same name. */
const shared =
  /^probe_(?:success|duration_seconds|dns_|ip_|http_|failed_due_to_regex|expect_info|ssl_|tls_version_info|icmp_|grpc_)/

/** Names of series whose values are durations: only that they are there, and how long they are at most, is the same. */
const durations = /_(?:duration|lookup_time)_seconds(?:\{|$)/

/** The minor versions that first have a family or a label. */
const newerFamilies = new Map([
  ['probe_tls_cipher_info', 26],
  ['probe_failed_due_to_cel', 27],
  ['probe_failed_due_to_bytes', 28],
])
const newerLabels = new Map([['serialnumber', 26]])

/**
 * Reads the text format; only what Probity has in common with a version of blackbox_exporter.
 *
 * @param minor Its minor number.
 */
export function readSamples(text: string, minor: number): Samples {
  const samples = new Map<string, number>()
  for (const line of text.split('\n')) {
    const [, name = '', inner = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
    if (!shared.test(name) && !isThere(newerFamilies, name, minor)) continue
    const labels = [...inner.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)]
      .filter(([, label = '']) => !newerLabels.has(label) || isThere(newerLabels, label, minor))
      .map(([, label = '', content = '']) => `${label}="${content}"`)
      .sort()
    samples.set(labels.length > 0 ? `${name}{${labels.join(',')}}` : name, Number(value))
  }
  return samples
}

function isThere(since: ReadonlyMap<string, number>, name: string, minor: number): boolean {
  return (since.get(name) ?? Infinity) <= minor
}

export interface DifferencesOptions {
  /** Seconds that a duration may be. */
  readonly longest: number
  /** Series whose values depend on the moment: only that both exporters have them is compared. */
  readonly passing: readonly string[]
}

/** The series that are not the same, each with both of its values. */
export function differences(
  theirs: Samples,
  ours: Samples,
  { longest, passing }: DifferencesOptions,
): Map<string, string> {
  const found = new Map<string, string>()
  for (const series of [...new Set([...theirs.keys(), ...ours.keys()])].sort()) {
    const [their, our] = [theirs.get(series), ours.get(series)]
    const both = (isRight: (value: number) => boolean): boolean =>
      [their, our].every((value) => value !== undefined && isRight(value))
    const same = durations.test(series)
      ? both((value) => value >= 0 && value <= longest)
      : their === our || (passing.includes(series) && both((value) => value > 0))
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
    ? /^(?:Blackbox[ -]Exporter|Probity)/.test(text)
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
