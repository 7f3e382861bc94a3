import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Measurement } from './run.ts'

const targetCount = 2000
const intervalSeconds = 10
const warmUpMs = 20_000

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * `probity solo` as it is shipped, with 2,000 targets at 10 s against a server on this machine, for 5 minutes
 * (PROBITY_BENCH_SECONDS) after a start that is not counted, with its history in the built-in database, which this first start makes.
 * What it says about itself on /metrics is what is measured; the most memory it ever had is the kernel's VmHWM.
 */
export async function soloBenchmark(): Promise<Measurement[]> {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' })
  const folder = await mkdtemp(join(tmpdir(), 'probity-bench-'))
  const server = createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const configFile = join(folder, 'targets.yml')
  await writeFile(configFile, targetsFile(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`))
  const flags = [
    '--config.file',
    configFile,
    '--web.listen-address',
    '127.0.0.1:0',
    '--calls.listen-address',
    '127.0.0.1:0',
  ]
  const began = performance.now()
  const child = spawn(
    process.execPath,
    [
      join(root, 'bin/probity.cjs'),
      'solo',
      ...flags,
      '--storage.path',
      join(folder, 'data'),
      '--notify.file',
      await noChannels(folder),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  try {
    let output = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
    while (!output.includes('"url":"')) await wait(20)
    const url = /"url":"([^"]+)"/.exec(output)?.[1] ?? ''
    while (!(await fetch(`${url}/-/ready`)).ok) await wait(20)
    const ready = (performance.now() - began) / 1000
    await wait(warmUpMs)
    const measured = await measure(`${url}/metrics`, Number(process.env.PROBITY_BENCH_SECONDS ?? 300))
    return [
      { what: 'from the first start to ready', value: ready, unit: 's' },
      ...measured,
      { what: 'resident memory, most since the start', value: await mostMemory(child.pid), unit: 'MiB' },
    ]
  } finally {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
    server.close()
    server.closeAllConnections()
    await rm(folder, { recursive: true })
  }
}

async function measure(url: string, seconds: number): Promise<Measurement[]> {
  const before = await scrape(url)
  const began = performance.now()
  let maxMemory = 0
  let maxLag = 0
  for (let left = seconds; left > 0; left -= 5) {
    await wait(5000)
    const now = await scrape(url)
    maxMemory = Math.max(maxMemory, now.get('process_resident_memory_bytes') ?? NaN)
    maxLag = Math.max(maxLag, now.get('probity_event_loop_lag_seconds') ?? NaN)
  }
  const after = await scrape(url)
  const elapsed = (performance.now() - began) / 1000
  const grown = (series: string): number => (after.get(series) ?? NaN) - (before.get(series) ?? 0)
  const checks = grown('probity_check_delay_seconds_count')
  const within = (limit: string): number =>
    (100 * grown(`probity_check_delay_seconds_bucket{le="${limit}"}`)) / checks
  const figures: [what: string, value: number, unit: string][] = [
    ['checks', checks, 'checks'],
    ['checks skipped', grown('probity_checks_skipped_total'), 'checks'],
    ['checks failed', grown('probity_probes_total{kind="http",outcome="failure"}') || 0, 'checks'],
    ['begun at most 50 ms late', within('0.05'), '%'],
    ['begun at most 250 ms late', within('0.25'), '%'],
    ['event loop, longest delay', maxLag * 1000, 'ms'],
    ['rows stored', grown('probity_history_rows_written_total'), 'rows'],
    ['rows dropped', grown('probity_history_rows_dropped_total'), 'rows'],
    ['rows that wait at the end', after.get('probity_history_queue_length') ?? NaN, 'rows'],
    ['resident memory, most', maxMemory / 2 ** 20, 'MiB'],
    ['CPU', (100 * grown('process_cpu_seconds_total')) / elapsed, '% of one core'],
  ]
  return figures.map(([what, value, unit]) => ({
    what: `${targetCount} targets every ${intervalSeconds} s: ${what}`,
    value,
    unit,
  }))
}

/** Of a process on Linux; elsewhere unknown. */
async function mostMemory(pid = 0): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]) / 1024
}

function targetsFile(url: string): string {
  const targets = Array.from(
    { length: targetCount },
    (_, index) => `  - { name: target-${index}, url: "${url}${index}" }\n`,
  )
  return `defaults: { interval: ${intervalSeconds}s, timeout: 5s }\ntargets:\n${targets.join('')}`
}

async function noChannels(folder: string): Promise<string> {
  const file = join(folder, 'notify.yml')
  await writeFile(file, 'channels: {}\n')
  return file
}

/** The series of a page of metrics, by name and labels as they are written. */
async function scrape(url: string): Promise<Map<string, number>> {
  const text = await (await fetch(url)).text()
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' ') + 1)),
    ]),
  )
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
