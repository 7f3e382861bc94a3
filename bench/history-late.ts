import { spawn } from 'node:child_process'
import { isDeepStrictEqual } from 'node:util'
import { insertResults } from '../src/history/write/insert.ts'
import { migrate } from '../src/history/migrate.ts'
import { openPostgres } from '../src/history/postgres.ts'
import type { CheckRow } from '../src/history/row.ts'
import type { Sql } from '../src/history/sql.ts'
import { rollUp } from '../src/history/roll-up.ts'
import { createLogger } from '../src/lib/logger.ts'
import { derived, recompute } from '../test/history/support/derived.ts'
import type { Measurement } from './run.ts'

const seriesCount = 8
const days = 67
const batch = 1000

/**
 * 200,000 checks of 8 series over 67 days, of which one in twenty is late, by two writers into the PostgreSQL of DATABASE_URL,
 * whose schema `probity` it replaces, while the rollups run. BENCH_ROWS: fewer rows, for a trial. BENCH_BURNERS: so many
 * processes that do nothing but take processor time meanwhile.
 */
export async function historyLateBenchmark(): Promise<Measurement[]> {
  const { DATABASE_URL: url, BENCH_ROWS: size = '200000', BENCH_BURNERS: burners = '0' } = process.env
  if (url === undefined)
    throw new Error('set DATABASE_URL to a PostgreSQL database of which the schema "probity" may be replaced')
  const log = createLogger({ level: 'warn' })
  const patient = openPostgres({ url, log, statementTimeout: 1800 })
  await patient.script('drop schema if exists probity cascade')
  await migrate(patient)
  const own = openPostgres({ url, log })
  const { sql, longest } = timed(own)
  const stopBurning = burn(Number(burners))
  try {
    const batches = batchesOf(lateRows(Number(size)))
    const start = performance.now()
    const elapsed = (): number => (performance.now() - start) / 1000
    const writing = new AbortController()
    const rolling = (async () => {
      while (!writing.signal.aborted) await rollUp(sql)
    })()
    await Promise.all([write(own, batches, 0), write(own, batches, 1)])
    const written = elapsed()
    writing.abort()
    await rolling
    await rollUp(sql)
    const addedUp = elapsed()
    stopBurning()
    const found = await derived(patient)
    await recompute(patient)
    const equal = isDeepStrictEqual(found, await derived(patient))
    return [
      {
        what: `checks of ${seriesCount} series over ${days} days, 5 % late`,
        value: Number(size),
        unit: 'rows',
      },
      { what: 'until all were written, by two writers', value: written, unit: 's' },
      { what: 'until all were added up', value: addedUp, unit: 's' },
      { what: 'steps of the rollups', value: longest.count, unit: 'steps' },
      { what: 'longest step of the rollups', value: longest.seconds, unit: 's' },
      { what: 'equal to what is computed at once', value: equal ? 1 : 0, unit: '(1: yes)' },
    ]
  } finally {
    stopBurning()
    await own.close()
    await patient.close()
  }
}

/** Notes how long each statement takes. */
function timed(sql: Sql): { sql: Sql; longest: { seconds: number; count: number } } {
  const longest = { seconds: 0, count: 0 }
  const query: Sql['query'] = async (...statement) => {
    const start = performance.now()
    try {
      return await sql.query(...statement)
    } finally {
      longest.count += 1
      longest.seconds = Math.max(longest.seconds, (performance.now() - start) / 1000)
    }
  }
  return { sql: { ...sql, query }, longest }
}

/** In the order in which they are written: one in twenty comes after up to all of the others. */
function lateRows(size: number): CheckRow[] {
  const stepMs = (days * 86_400_000) / (size / seriesCount)
  const from = Date.parse('2026-09-01T00:00:00Z')
  const random = numbers()
  const rows = Array.from({ length: size }, (_, index) => {
    const place = random() < 0.05 ? index + random() * (size - index) : index
    return {
      place,
      row: rowOf(index % seriesCount, from + Math.floor(index / seriesCount) * stepMs, random()),
    }
  })
  return rows.sort((a, b) => a.place - b.place).map(({ row }) => row)
}

/** About one check in fifty begins an outage of four. */
function rowOf(series: number, at: number, random: number): CheckRow {
  const success = Math.floor(at / 1_000_000) % 50 > 2 || random < 0.1
  return {
    target: `target-${series}`,
    location: 'default',
    labels: { vendor: `vendor-${series % 3}` },
    checked_at: new Date(at).toISOString(),
    duration_seconds: 0.08 + random / 5,
    interval_seconds: 240,
    success,
    status: success ? 200 : 503,
    ...(!success && { reason: 'status', message: 'expected status 2xx, got 503' }),
  }
}

/** The same numbers from 0 to 1 in each run: a linear congruential generator with the constants of Numerical Recipes. */
function numbers(): () => number {
  let state = 1
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
}

function batchesOf(rows: readonly CheckRow[]): CheckRow[][] {
  return Array.from({ length: Math.ceil(rows.length / batch) }, (_, index) =>
    rows.slice(index * batch, (index + 1) * batch),
  )
}

/** One of two writers: every other batch. */
async function write(sql: Sql, batches: readonly CheckRow[][], first: number): Promise<void> {
  for (const rows of batches.filter((_, index) => index % 2 === first)) await insertResults(sql, rows)
}

function burn(count: number): () => void {
  const burning = Array.from({ length: count }, () =>
    spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
  )
  return () => {
    for (const child of burning) child.kill('SIGKILL')
  }
}
