import { execFile } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { once } from 'node:events'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** How many targets there are, and how many of them the panels over time show. */
export const targetCount = 200
const shownCount = 20

/** A metric of targets: which series it has, how far apart their samples are, and how many days back they reach. */
interface Family {
  readonly name: string
  /** In addition to those of the target; default: one series without more labels. */
  readonly labels?: readonly string[]
  /** Seconds. */
  readonly every: number
  /** By the index of the target; 0 for none. */
  readonly days: (target: number) => number
  readonly value: (target: number, time: number) => number
}

const month = 30
/** What the panels that open with 6 hours read, with the windows that reach further back. */
const recent = 0.5

/** Recorded every 5m, and read over 30 days. */
const long = (): number => month
/** Read over three days. */
const days3 = (target: number): number => (target < shownCount ? month : 3)
/** Of those that are shown, so that the other dashboards can be asked for 30 days, too. */
const shown = (target: number): number => (target < shownCount ? month : recent)
/** Of the one target that the dashboard Target shows. */
const one = (target: number): number => (target === 0 ? month : recent)

/** The first targets are the worst, so that it is known which are shown. */
const badness = (target: number): number => (target < shownCount ? 0.02 : 0)
const failed = (target: number): boolean => Math.random() < badness(target)
const constant =
  (value: number): Family['value'] =>
  () =>
    value

const raw = (name: string, days: Family['days'], value: Family['value'], labels?: string[]): Family => ({
  name,
  every: 30,
  days,
  value,
  ...(labels && { labels }),
})
const recorded = (name: string, days: Family['days'], value: Family['value']): Family => ({
  name: `probe:${name}`,
  every: 15,
  days,
  value,
})

const families: readonly Family[] = [
  raw('probe_success', one, (target) => (failed(target) ? 0 : 1)),
  raw('probe_duration_seconds', shown, () => 0.05 + Math.random() / 10),
  raw('probe_http_status_code', shown, (target) => (failed(target) ? 503 : 200)),
  raw('probe_check_timestamp_seconds', one, (_target, time) => time - Math.random()),
  raw('probe_target_interval_seconds', one, constant(30)),
  raw('probe_target_alert_after_seconds', one, constant(75)),
  raw('probe_target_max_latency_seconds', shown, constant(1)),
  raw('probe_target_max_error_ratio', one, constant(0.01)),
  raw('probe_target_slo_ratio', days3, constant(0.99)),
  raw('probe_target_min_certificate_seconds', one, constant(14 * 86_400)),
  ...['resolve', 'connect', 'tls', 'processing', 'transfer'].map((phase) =>
    raw('probe_http_duration_seconds', one, () => Math.random() / 50, [`phase="${phase}"`]),
  ),
  raw('probe_ssl_earliest_cert_expiry', one, () => 1_900_000_000),
  raw('probe_ssl_last_chain_expiry_timestamp_seconds', one, () => 1_900_000_000),
  raw('probe_ssl_last_chain_info', one, constant(1), [
    'subject="CN=shop.example"',
    'issuer="CN=authority.example"',
    'subjectalternative="shop.example"',
  ]),
  raw('probe_tls_version_info', one, constant(1), ['version="TLS 1.3"']),
  raw('probe_failure_info', (target) => (target === 0 ? month : 0), constant(1), ['reason="status"']),
  raw('up', one, constant(1)),
  raw('scrape_duration_seconds', one, () => 0.05 + Math.random() / 10),
  recorded('state', shown, (target) => (failed(target) ? 1 : 2)),
  recorded('down', one, (target) => (target < 3 ? 1 : 0)),
  recorded('failing_for_seconds', one, (target) => (target < 3 ? 600 : 0)),
  recorded('error_ratio:1h', days3, (target) => badness(target) * Math.random()),
  recorded('error_ratio:6h', days3, (target) => badness(target) * Math.random()),
  recorded('error_ratio:1h_lower_bound', one, () => 0),
  ...['1d', '3d', '30d'].map((window) => ({
    name: `probe:error_ratio:${window}`,
    every: 300,
    days: long,
    value: badness,
  })),
  { name: 'probe:budget_left:30d', every: 300, days: long, value: (target) => 1 - badness(target) / 0.01 },
  {
    name: 'probe:hourly_error_ratio',
    every: 3600,
    days: long,
    value: (target) => badness(target) * Math.random(),
  },
  ...['ALERTS{alertstate="firing",', 'ALERTS_FOR_STATE{'].map((name) => ({
    name,
    labels: ['alertname="TargetDown"'],
    every: 15,
    days: (target: number) => (target < 3 ? month : 0),
    value: (_target: number, time: number) => (name.startsWith('ALERTS{') ? 1 : time - 600),
  })),
]

/** Series of the programs themselves: every 15 s, over the time that the dashboard about them opens with. */
const programs: readonly string[] = [
  ...['probity', 'notifier', 'prometheus', 'alertmanager'].flatMap((job) =>
    ['up', 'process_resident_memory_bytes', 'process_cpu_seconds_total', 'process_start_time_seconds'].map(
      (name) => `${name}{job="${job}",instance="${job}"}`,
    ),
  ),
  'probity_notifier_build_info{job="notifier",instance="notifier",version="1.0"}',
  ...['probity', 'prometheus', 'alertmanager'].flatMap((job) => [
    `${job}_config_last_reload_successful{job="${job}",instance="${job}"}`,
    `${job}_build_info{job="${job}",instance="${job}",version="1.0"}`,
  ]),
  'probity_config_last_reload_success_timestamp_seconds{job="probity",instance="probity"}',
  'probity_probes_total{job="probity",instance="probity",kind="http",outcome="success"}',
  'probity_probes_total{job="probity",instance="probity",kind="http",outcome="failure"}',
  'probity_probes_in_flight{job="probity",instance="probity"}',
  'probity_event_loop_lag_seconds{job="probity",instance="probity"}',
  'probity_notifications_total{job="notifier",instance="notifier",channel="log",result="delivered"}',
  ...['targets', 'targets-long', 'network', 'self'].flatMap((group) =>
    [
      'prometheus_rule_group_last_duration_seconds',
      'prometheus_rule_group_interval_seconds',
      'prometheus_rule_evaluation_failures_total',
      'prometheus_rule_group_iterations_missed_total',
    ].map((name) => `${name}{job="prometheus",instance="prometheus",rule_group="rules;probity:${group}"}`),
  ),
  'prometheus_sd_refresh_failures_total{job="prometheus",instance="prometheus",mechanism="http"}',
  'prometheus_notifications_errors_total{job="prometheus",instance="prometheus",alertmanager="alertmanager"}',
  'prometheus_notifications_alertmanagers_discovered{job="prometheus",instance="prometheus"}',
  'prometheus_tsdb_head_series{job="prometheus",instance="prometheus"}',
  'alertmanager_notifications_total{job="alertmanager",instance="alertmanager",integration="webhook"}',
  'alertmanager_notifications_failed_total{job="alertmanager",instance="alertmanager",integration="webhook"}',
  ...Array.from(
    { length: targetCount },
    (_, target) =>
      `probity_target_info{job="probity",instance="probity",kind="http",target="${nameOf(target)}",vendor="vendor-${target % 20}",team="team-${target % 5}"}`,
  ),
]

const blockSeconds = 7200

/**
 * Writes 30 days of blocks into a data folder of Prometheus.
 *
 * @param end Unix seconds, on the edge of a block: the time of the newest sample.
 * @returns The number of samples.
 */
export async function writeBlocks(data: string, end: number): Promise<number> {
  let samples = 0
  for (let start = end - month * 86_400; start < end; start += blockSeconds) {
    const file = join(data, 'block.txt')
    samples += await writeText(file, start, end)
    // promtool reads the whole file for each block that it makes, so each block has its own file.
    await execute('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', file, data])
    await rm(file)
  }
  return samples
}

/** OpenMetrics: https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md */
async function writeText(file: string, start: number, end: number): Promise<number> {
  const stream = createWriteStream(file)
  let samples = 0
  for (const lines of series(start, end)) {
    samples += lines.length
    if (!stream.write(`${lines.join('\n')}\n`)) await once(stream, 'drain')
  }
  stream.end('# EOF\n')
  await once(stream, 'close')
  return samples
}

/** The samples of one block, series by series. */
function* series(start: number, end: number): Generator<string[]> {
  for (const { name, labels = [], every, days, value } of families) {
    const open = name.includes('{') ? name : `${name}{`
    for (let target = 0; target < targetCount; target += 1) {
      if (start < end - days(target) * 86_400) continue
      const id = `${open}${[targetLabels(target), ...labels].join(',')}}`
      yield times(start, every).map((time) => `${id} ${value(target, time)} ${time}`)
    }
  }
  if (start < end - recent * 86_400) return
  for (const id of programs) {
    const isCounter = id.includes('_total{')
    yield times(start, 15).map((time) => `${id} ${isCounter ? time - start : 1} ${time}`)
  }
}

function times(start: number, every: number): number[] {
  return Array.from({ length: Math.ceil(blockSeconds / every) }, (_, index) => start + index * every)
}

function nameOf(target: number): string {
  return `https://api-${target}.example.com/v1/health`
}

function targetLabels(target: number): string {
  const labels = {
    job: 'probes',
    target: nameOf(target),
    instance: nameOf(target),
    severity: 'critical',
    location: 'default',
    vendor: `vendor-${target % 20}`,
    team: `team-${target % 5}`,
  }
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',')
}
