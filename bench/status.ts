import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startExporter } from '../src/app/exporter/exporter.ts'
import type { Exporter } from '../src/app/exporter/running.ts'
import { openPostgres } from '../src/history/postgres.ts'
import { readOverview } from '../src/history/reads/overview.ts'
import { systemClock } from '../src/lib/time/clock.ts'
import { createLogger } from '../src/lib/logger.ts'
import type { Measurement } from './run.ts'

const targets = 100
const location = 'default'
const log = createLogger({ level: 'warn' })

/**
 * The status page over the rows that `npm run bench history` has left in the PostgreSQL of DATABASE_URL, at the moment of the
 * newest of them.
 */
export async function statusBenchmark(): Promise<Measurement[]> {
  const { DATABASE_URL: url } = process.env
  if (url === undefined)
    throw new Error('set DATABASE_URL to the database that "npm run bench history" has filled')
  const { rows, newest } = await filledWith(url)
  const offset = newest - Date.now()
  let jumped = 0
  const clock = { now: () => Date.now() + offset, monotonic: () => systemClock.monotonic() + jumped }
  /** What is remembered for some seconds is forgotten: the database is asked. */
  function afterQuiet<T>(work: () => Promise<T>): () => Promise<T> {
    return () => {
      jumped += 60_000
      return work()
    }
  }
  /** Of the first request after the start, and of those that find nothing remembered. */
  async function firstBytes(url: string): Promise<Measurement[]> {
    const path = new URL(url).pathname
    const first = await firstByte(url)
    const quiet = afterQuiet(() => firstByte(url))
    const asked: number[] = []
    for (let run = 0; run < 20; run++) asked.push(await quiet())
    return [
      { what: `${path}, first byte: the very first`, value: first, unit: 'ms' },
      ...both(
        `${path}, after a quiet time, first byte`,
        asked.sort((a, b) => a - b),
      ),
    ]
  }
  const names = Array.from({ length: targets }, (_, index) => `target-${index}`)
  const sql = openPostgres({ url, log })
  const query = await timed(20, () => readOverview(sql, { targets: names, location }, clock.now()))
  await sql.close()

  const folder = await mkdtemp(join(tmpdir(), 'probity-bench-'))
  const configFile = join(folder, 'targets.yml')
  const listed = names.map((name) => `  - { name: ${name}, url: http://127.0.0.1:9/ }\n`)
  await writeFile(configFile, `targets:\n${listed.join('')}`)
  let exporter: Exporter | undefined
  try {
    const place = { databaseUrl: url, folder, retention: { rawDays: 400 } }
    exporter = await startExporter(
      { configFile, listenAddress: { host: '127.0.0.1', port: 0 }, history: place },
      { log, env: {}, clock },
    )
    const base = exporter.url
    const start = performance.now()
    let asked = start
    while (!(await (await fetch(`${base}/api/v1/targets`)).text()).includes('"history":"ready"')) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      asked = performance.now()
    }
    const began = performance.now()
    const at = (hours: number): string => new Date(newest - hours * 3_600_000).toISOString()
    const to = new Date(newest).toISOString()
    const series = `${base}/api/v1/targets/target-1/series`
    return [
      { what: 'rows', value: rows, unit: 'rows' },
      { what: '/api/v1/targets, the first with its history, whole answer', value: began - asked, unit: 'ms' },
      { what: 'from listening to that answer', value: began - start, unit: 'ms' },
      ...both('overview, read from the database', query),
      ...(await firstBytes(`${base}/`)),
      ...(await firstBytes(`${base}/targets/target-1`)),
      ...(await firstBytes(`${base}/api/v1/targets`)),
      ...both(
        '/, after a quiet time, whole answer',
        await timed(
          20,
          afterQuiet(() => wholeAnswer(`${base}/`)),
        ),
      ),
      ...both('/, whole answer', await timed(50, () => wholeAnswer(`${base}/`))),
      ...both('/api/v1/targets, whole answer', await timed(50, () => wholeAnswer(`${base}/api/v1/targets`))),
      ...both(
        '/targets/target-1, whole answer',
        await timed(20, () => wholeAnswer(`${base}/targets/target-1`)),
      ),
      ...both('latency of 24 hours', await timed(20, () => wholeAnswer(`${series}?from=${at(24)}&to=${to}`))),
      ...both('latency of 30 days', await timed(20, () => wholeAnswer(`${series}?from=${at(720)}&to=${to}`))),
      ...both('100 incidents', await timed(20, () => wholeAnswer(`${base}/api/v1/incidents`))),
    ]
  } finally {
    await exporter?.stop()
    await rm(folder, { recursive: true })
  }
}

async function filledWith(url: string): Promise<{ rows: number; newest: number }> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ rows: number; newest: Date | null }>(
    `select (select sum(checks)::integer from probity.daily) as rows, (select max(last_at) from probity.series) as newest`,
  )
  await client.end()
  const [found] = rows
  if (!found?.newest) throw new Error('the database has no rows: run "npm run bench history" first')
  return { rows: found.rows, newest: found.newest.getTime() }
}

async function wholeAnswer(url: string): Promise<void> {
  const response = await fetch(url)
  await response.arrayBuffer()
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`)
}

/** Milliseconds until the answer begins. */
async function firstByte(url: string): Promise<number> {
  const start = performance.now()
  const response = await fetch(url)
  const reader = response.body?.getReader()
  await reader?.read()
  const time = performance.now() - start
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`)
  await reader?.cancel()
  return time
}

/** Milliseconds, sorted. */
async function timed(runs: number, work: () => Promise<unknown>): Promise<readonly number[]> {
  const times: number[] = []
  for (let run = 0; run < runs; run++) {
    const start = performance.now()
    await work()
    times.push(performance.now() - start)
  }
  return times.sort((a, b) => a - b)
}

function both(what: string, times: readonly number[]): Measurement[] {
  return [
    {
      what: `${what}: median of ${times.length}`,
      value: times[Math.floor(times.length / 2)] ?? NaN,
      unit: 'ms',
    },
    { what: `${what}: slowest`, value: times.at(-1) ?? NaN, unit: 'ms' },
  ]
}
