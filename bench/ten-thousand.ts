import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePorts, startProgram, untilReady, type Program } from '../scripts/stack/process.ts'
import { waitFor } from '../test/support/time/wait-for.ts'
import { startNginx, type Nginx } from './nginx.ts'
import type { Measurement } from './run.ts'

const targetCount = 10_000
const intervalSeconds = 15
/** In which code gets hot, and Prometheus has scraped every target a few times. */
const warmUpMs = 60_000
const pollMs = 5000

type Ports = Readonly<Record<'http' | 'https' | 'exporter' | 'prometheus', number>>

/**
 * An exporter with 10,000 targets, half of them over https, every 15 s, scraped by a real Prometheus: which scrapes are
 * lost or late, and what it takes. For 10 minutes, or as many as the argument says. Needs a build, nginx, openssl and Prometheus.
 */
export async function tenThousandBenchmark(): Promise<Measurement[]> {
  const minutes = Number(process.argv[3] ?? 10)
  const folder = await mkdtemp(join(tmpdir(), 'probity-bench-'))
  const ports = await freePorts(['http', 'https', 'exporter', 'prometheus'])
  const nginx = await startNginx(folder, ports)
  const programs: Program[] = []
  try {
    const exporter = await startExporter(folder, ports, nginx)
    programs.push(exporter)
    programs.push(await startPrometheus(folder, ports))
    const isComplete = async (): Promise<boolean> =>
      (await query(ports, 'count(up{job="probity"})')) === targetCount
    await waitFor('Prometheus has scraped every target', isComplete, 180_000)
    await wait(warmUpMs)
    return await measure(ports, exporter, minutes)
  } finally {
    for (const program of programs.reverse()) await program.stop()
    await nginx.stop()
    await rm(folder, { recursive: true })
  }
}

async function startExporter(folder: string, ports: Ports, { http, https, caFile }: Nginx): Promise<Program> {
  const targets = Array.from({ length: targetCount }, (_, n) => ({
    name: `target-${n}`,
    labels: { vendor: `vendor-${n % 20}` },
    ...(n % 2 === 0 ? { url: http } : { url: https, tls: { ca_file: caFile } }),
  }))
  const configFile = join(folder, 'targets.yml')
  await writeFile(configFile, JSON.stringify({ defaults: { interval: `${intervalSeconds}s` }, targets }))
  const exporter = startProgram('probity', process.execPath, [
    ...[join(import.meta.dirname, '../bin/probity.cjs'), 'exporter', '--config.file', configFile],
    ...['--web.listen-address', `127.0.0.1:${ports.exporter}`, '--calls.listen-address', '127.0.0.1:0'],
  ])
  await untilReady(exporter, `http://127.0.0.1:${ports.exporter}/-/ready`)
  return exporter
}

/** Most series are dropped, so that Prometheus leaves the machine to what is measured. */
async function startPrometheus(folder: string, ports: Ports): Promise<Program> {
  const configFile = join(folder, 'prometheus.json')
  const exporter = `127.0.0.1:${ports.exporter}`
  await writeFile(
    configFile,
    JSON.stringify({
      scrape_configs: [
        {
          job_name: 'probity',
          http_sd_configs: [{ url: `http://${exporter}/sd` }],
          metric_relabel_configs: [{ source_labels: ['__name__'], regex: 'probe_success', action: 'keep' }],
        },
      ],
    }),
  )
  const prometheus = startProgram('prometheus', 'prometheus', [
    ...[`--config.file=${configFile}`, `--storage.tsdb.path=${join(folder, 'prometheus')}`],
    `--web.listen-address=127.0.0.1:${ports.prometheus}`,
  ])
  await untilReady(prometheus, `http://127.0.0.1:${ports.prometheus}/-/ready`)
  return prometheus
}

async function measure(ports: Ports, exporter: Program, minutes: number): Promise<Measurement[]> {
  const metrics = `http://127.0.0.1:${ports.exporter}/metrics`
  const before = await scrape(metrics)
  const began = performance.now()
  const p99s: number[] = []
  const longest: number[] = []
  while (performance.now() - began < minutes * 60_000) {
    await wait(pollMs)
    const now = await scrape(metrics)
    p99s.push((now.get('nodejs_eventloop_lag_p99_seconds') ?? NaN) * 1000)
    longest.push((now.get('probity_event_loop_lag_seconds') ?? NaN) * 1000)
  }
  const cpu = (await cpuSeconds(metrics)) - (before.get('process_cpu_seconds_total') ?? NaN)
  const seconds = (performance.now() - began) / 1000
  const window = `${minutes * 60}s`
  const perTarget = (minutes * 60) / intervalSeconds
  const asked = (expression: string): Promise<number> =>
    query(ports, expression.replaceAll('UP', `up{job="probity"}[${window}]`).replaceAll('WINDOW', window))
  const intervals = 'prometheus_target_interval_length_seconds'
  const own = await scrape(`http://127.0.0.1:${ports.prometheus}/metrics`)
  const interval = (quantile: string): number =>
    own.get(`${intervals}{interval="${intervalSeconds}s",quantile="${quantile}"}`) ?? NaN
  const figures: [what: string, value: number, unit: string][] = [
    ['scrapes that should be made', targetCount * perTarget, 'scrapes'],
    ['scrapes that were made', await asked('sum(count_over_time(UP))'), 'scrapes'],
    ['fewest scrapes of one target', await asked('min(count_over_time(UP))'), 'scrapes'],
    ['scrapes that failed', await asked('sum(count_over_time(UP)) - sum(sum_over_time(UP))'), 'scrapes'],
    [
      'probes that failed',
      await asked('sum(count_over_time(probe_success[WINDOW])) - sum(sum_over_time(probe_success[WINDOW]))'),
      'probes',
    ],
    ['time between two scrapes, p1', interval('0.01'), 's'],
    ['time between two scrapes, p99', interval('0.99'), 's'],
    ['duration of a scrape, median', 1000 * (await asked(`quantile(0.5, ${scrapeTime})`)), 'ms'],
    ['duration of a scrape, p99', 1000 * (await asked(`quantile(0.99, ${scrapeTime})`)), 'ms'],
    [
      'duration of a scrape, longest',
      1000 * (await asked(`max(max_over_time(${scrapeTime}[WINDOW]))`)),
      'ms',
    ],
    ['event loop, p99 of 5 s: median', quantile(p99s, 0.5), 'ms'],
    ['event loop, p99 of 5 s: worst', Math.max(...p99s), 'ms'],
    ['event loop, longest delay', Math.max(...longest), 'ms'],
    ['resident memory, most since the start', await mostMemory(exporter.pid), 'MiB'],
    ['CPU', (100 * cpu) / seconds, '% of one core'],
  ]
  return figures.map(([what, value, unit]) => ({ what, value, unit }))
}

const scrapeTime = 'scrape_duration_seconds{job="probity"}'

const quantile = (values: readonly number[], rank: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * rank)] ?? NaN

async function query({ prometheus }: Ports, expression: string): Promise<number> {
  const url = new URL(`http://127.0.0.1:${prometheus}/api/v1/query`)
  url.searchParams.set('query', expression)
  const { data } = (await (await fetch(url)).json()) as {
    data: { result: { value: [number, string] }[] }
  }
  return Number(data.result[0]?.value[1] ?? NaN)
}

async function cpuSeconds(metrics: string): Promise<number> {
  return (await scrape(metrics)).get('process_cpu_seconds_total') ?? NaN
}

async function scrape(url: string): Promise<Map<string, number>> {
  // Over a new connection: one that was idle may be closed while it is used again.
  const [response] = (await once(get(url, { agent: false }), 'response')) as [IncomingMessage]
  const text = (await response.setEncoding('utf8').toArray()).join('')
  const samples = [...text.matchAll(/^(?!#)(.+) (\S+)$/gm)]
  return new Map(samples.map(([, series = '', value]) => [series, Number(value)]))
}

/** Of a process on Linux. */
async function mostMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]) / 1024
}
