import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startProgram } from '../scripts/stack/process.ts'
import { cpuSeconds } from './cpu.ts'
import { root } from '../scripts/stack/shipped-files.ts'
import { migrate } from '../src/history/migrate.ts'
import { openPostgres } from '../src/history/postgres.ts'
import { rollUp } from '../src/history/roll-up.ts'
import type { Sql } from '../src/history/sql.ts'
import { createLogger } from '../src/lib/logger.ts'
import { waitFor } from '../test/support/time/wait-for.ts'
import type { Measurement } from './run.ts'

const targets = 100
const locations = ['here', 'ams', 'fra', 'nyc', 'sin']
const intervalSeconds = 60

/** Milliseconds without a request: longer than anything is remembered. */
const quietMs = 20_000

/**
 * One page of 100 targets that 5 locations check: the first byte after a quiet time, with ten million rows in the PostgreSQL of
 * DATABASE_URL, whose schema `probity` it replaces unless it is full already. The page is that of a real solo, which is one of the
 * locations. Needs a build. BENCH_ROWS: fewer rows, for a trial; BENCH_RUNS: requests to each page, by default 9.
 */
export async function locationsBenchmark(): Promise<Measurement[]> {
  const { DATABASE_URL: databaseUrl, BENCH_ROWS: rows = '10000000', BENCH_RUNS: runs = '9' } = process.env
  if (databaseUrl === undefined)
    throw new Error('set DATABASE_URL to a PostgreSQL database of which the schema "probity" may be replaced')
  const log = createLogger({ level: 'warn' })
  const sql = openPostgres({ url: databaseUrl, log, statementTimeout: 3600 })
  const wanted = Number(rows)
  if ((await countOf(sql)) < wanted) await fill(sql, wanted)
  const stored = await countOf(sql)
  await sql.close()

  const folder = await mkdtemp(join(tmpdir(), 'probity-bench-'))
  const peer = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1')
  await once(peer, 'listening')
  const { port } = peer.address() as AddressInfo
  const listed = Array.from(
    { length: targets },
    (_, n) => `  - { name: target-${n}, url: 'http://127.0.0.1:${port}/', interval: ${intervalSeconds}s }\n`,
  )
  await writeFile(join(folder, 'targets.yml'), `targets:\n${listed.join('')}`)
  const solo = startProgram(
    'solo',
    process.execPath,
    [
      ...[
        join(root, 'bin/probity.cjs'),
        'solo',
        '--config.file=targets.yml',
        `--location=${locations[0] ?? ''}`,
      ],
      ...[
        '--web.listen-address=127.0.0.1:0',
        '--calls.listen-address=127.0.0.1:0',
        '--history.raw-retention=400d',
      ],
    ],
    { env: { PATH: process.env.PATH, DATABASE_URL: databaseUrl }, cwd: folder },
  )
  try {
    const url = await waitFor('address it listens on', () => /"url":"([^"]+)"/.exec(solo.output())?.[1])
    await waitFor('every target has its locations', async () => {
      const text = await (await fetch(`${url}/api/v1/targets`)).text()
      return text.split('"locations":').length === targets + 1
    })
    const measured: Measurement[] = [{ what: 'rows', value: stored, unit: 'rows' }]
    // What does nothing says how long requests wait for a processor.
    for (const path of ['/-/healthy', '/', '/targets/target-1', '/api/v1/targets']) {
      const asked = await afterQuiet(url + path, Number(runs), solo.pid)
      measured.push(
        ...both(
          `${path}, first byte after ${quietMs / 1000} s`,
          asked.map(({ waited }) => waited),
        ),
        ...both(
          `${path}, processor time of solo`,
          asked.map(({ processor }) => processor),
        ).slice(0, 1),
      )
    }
    return measured
  } finally {
    await solo.stop()
    peer.closeAllConnections()
    peer.close()
    await rm(folder, { recursive: true })
  }
}

async function countOf(sql: Sql): Promise<number> {
  await migrate(sql)
  const [row] = await sql.query<{ rows: number }>(
    'select coalesce(sum(checks), 0)::integer as rows from probity.daily',
  )
  return row?.rows ?? 0
}

/** Every target is down for two checks, about twice a day, each location at its own time. */
async function fill(sql: Sql, rows: number): Promise<void> {
  await sql.script('drop schema if exists probity cascade')
  await migrate(sql)
  const to = Math.floor(Date.now() / 60_000) * 60_000
  const checks = Math.ceil(rows / targets / locations.length)
  const from = to - checks * intervalSeconds * 1000
  const bounds = [new Date(from).toISOString(), new Date(to).toISOString()]
  await sql.query('select probity.make_partitions($1, $2)', bounds)
  await sql.query(
    `insert into probity.series (target, location, labels)
     select 'target-' || target, location, '{"team": "checkout"}'
     from generate_series(0, $1 - 1) target, unnest($2::text[]) location`,
    [targets, locations],
  )
  await sql.query(
    `insert into probity.probe_results
     select id, at, 0.05 + mod(step * 7919 + id, 1000) / 5000.0, $3, step % 720 > 1,
       case when step % 720 <= 1 then 'status' end, case when step % 720 <= 1 then 'expected status 2xx, got 503' end,
       case when step % 720 <= 1 then 503 else 200 end,
       '{"resolve": 0.002, "connect": 0.011, "tls": 0.023, "processing": 0.051, "transfer": 0.003}', false
     from probity.series,
       lateral (
         select at, (extract(epoch from at) / $3)::bigint + id * 37 as step
         from generate_series($1::timestamptz + interval '1 second', $2::timestamptz, $3 * interval '1 second') at
       ) checks`,
    [...bounds, intervalSeconds],
  )
  await sql.script(
    `insert into probity.touched
     select series_id, min(checked_at), max(checked_at) from probity.probe_results
     group by series_id, date_trunc('hour', checked_at, 'UTC')`,
  )
  await rollUp(sql)
  await sql.script('analyze')
}

/** Milliseconds until the first byte, and of a processor of the kernel's clock, which ticks every 10. */
async function afterQuiet(
  url: string,
  runs: number,
  pid: number,
): Promise<{ waited: number; processor: number }[]> {
  const asked: { waited: number; processor: number }[] = []
  for (let run = 0; run < runs; run++) {
    await wait(quietMs)
    const before = await cpuSeconds(pid)
    const start = performance.now()
    const response = await fetch(url)
    const reader = response.body?.getReader()
    await reader?.read()
    asked.push({ waited: performance.now() - start, processor: ((await cpuSeconds(pid)) - before) * 1000 })
    await reader?.cancel()
    if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`)
  }
  return asked
}

function both(what: string, unsorted: readonly number[]): Measurement[] {
  const times = unsorted.toSorted((a, b) => a - b)
  return [
    {
      what: `${what}: median of ${times.length}`,
      value: times[Math.floor(times.length / 2)] ?? NaN,
      unit: 'ms',
    },
    { what: `${what}: slowest`, value: times.at(-1) ?? NaN, unit: 'ms' },
  ]
}
