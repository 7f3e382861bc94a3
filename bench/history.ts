import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPostgres } from '../src/history/postgres.ts'
import { monthPeriod } from '../src/history/report/period.ts'
import { buildReport } from '../src/history/report/report.ts'
import type { HistoryRow } from '../src/history/row.ts'
import type { Sql } from '../src/history/sql.ts'
import { openHistory } from '../src/history/store.ts'
import { rollUp } from '../src/history/roll-up.ts'
import { systemClock } from '../src/lib/time/clock.ts'
import { createLogger } from '../src/lib/logger.ts'
import type { Measurement } from './run.ts'

const targets = 100
const interval = 30
const dayMs = 86_400_000

/** Rows that may wait in memory: the benchmark offers them as fast as they are taken. */
const maxQueue = 50_000

/**
 * Ten million rows, 35 days of 100 targets at 30 s, through the queue and the batches of the real path, into the PostgreSQL of DATABASE_URL, whose
 * schema `probity` it replaces. BENCH_DAYS: fewer days, for a trial.
 */
export async function historyBenchmark(): Promise<Measurement[]> {
  const { DATABASE_URL: databaseUrl, BENCH_DAYS: days = '35' } = process.env
  if (databaseUrl === undefined)
    throw new Error('set DATABASE_URL to a PostgreSQL database of which the schema "probity" may be replaced')
  const log = createLogger({ level: 'warn' })
  const sql = openPostgres({ url: databaseUrl, log, statementTimeout: 600 })
  await sql.script('drop schema if exists probity cascade')
  const folder = await mkdtemp(join(tmpdir(), 'probity-bench-'))
  let written = 0
  let dropped = 0
  const history = await openHistory({
    databaseUrl,
    folder,
    clock: systemClock,
    log,
    retention: { rawDays: 400 },
    events: { written: (rows) => (written += rows.length), dropped: (count) => (dropped += count) },
    writer: { maxQueue },
    // The rollups are measured on their own.
    upkeepMs: 3_600_000,
  })
  try {
    const from = monthPeriod('2026-10', 'UTC').from
    const steps = (Number(days) * 86_400) / interval
    const total = steps * targets
    const start = performance.now()
    for (let step = 0; step < steps; step++) {
      for (let target = 0; target < targets; target++)
        history.add(rowOf(target, from + step * interval * 1000))
      while (history.length > maxQueue - targets) await new Promise((resolve) => setTimeout(resolve, 2))
    }
    while (written + dropped < total) await new Promise((resolve) => setTimeout(resolve, 2))
    const inserted = (performance.now() - start) / 1000
    const rolling = performance.now()
    await rollUp(sql)
    const rolled = (performance.now() - rolling) / 1000
    await sql.script('analyze')
    return [
      { what: `rows, ${targets} targets every ${interval} s, ${days} days`, value: written, unit: 'rows' },
      { what: 'rows dropped', value: dropped, unit: 'rows' },
      { what: 'inserted, from the queue to the commit', value: written / inserted, unit: 'rows/s' },
      { what: 'rollups of all of it at once', value: rolled, unit: 's' },
      ...(await incremental(databaseUrl, from + Number(days) * dayMs)),
      ...(await reports(sql)),
    ]
  } finally {
    await history.stop()
    await sql.close()
    await rm(folder, { recursive: true })
  }

  /** What a round of rollups costs when everything has just been checked once. */
  async function incremental(url: string, at: number): Promise<Measurement[]> {
    const before = written
    for (let target = 0; target < targets; target++) history.add(rowOf(target, at))
    while (written < before + targets) await new Promise((resolve) => setTimeout(resolve, 2))
    const own = openPostgres({ url, log })
    const start = performance.now()
    await rollUp(own)
    const value = performance.now() - start
    await own.close()
    return [{ what: `rollups after one check of each of ${targets} targets`, value, unit: 'ms' }]
  }
}

async function reports(sql: Sql): Promise<Measurement[]> {
  const vendors = new Map(
    Array.from({ length: 20 }, (_, i) => [`vendor-${i}`, { name: `vendor-${i}`, sla: 0.999 }]),
  )
  const times: number[] = []
  for (let run = 0; run < 7; run++) {
    const start = performance.now()
    const period = monthPeriod('2026-10', 'UTC')
    const report = await buildReport({ sql, period, timeZone: 'UTC', vendors, now: period.to })
    times.push(performance.now() - start)
    if (report.vendors.length !== vendors.size)
      throw new Error(`${report.vendors.length} vendors in the report`)
  }
  times.sort((a, b) => a - b)
  return [
    { what: 'report of the month: median of 7', value: times[3] ?? NaN, unit: 'ms' },
    { what: 'report of the month: slowest of 7', value: times[6] ?? NaN, unit: 'ms' },
  ]
}

/** Every target fails for two checks, about three times a day. */
function rowOf(target: number, at: number): HistoryRow {
  const step = Math.floor(at / 1000 / interval) + target * 37
  const success = step % 960 > 1
  return {
    target: `target-${target}`,
    location: 'default',
    labels: { vendor: `vendor-${target % 20}`, team: 'checkout' },
    checked_at: new Date(at).toISOString(),
    duration_seconds: 0.08 + ((step * 7919) % 1000) / 5000,
    interval_seconds: interval,
    success,
    status: success ? 200 : 503,
    ...(!success && { reason: 'status', message: 'expected status 2xx, got 503' }),
    phases: { resolve: 0.002, connect: 0.011, tls: 0.023, processing: 0.051, transfer: 0.003 },
  }
}
