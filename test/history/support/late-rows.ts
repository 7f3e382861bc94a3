import type { CheckRow } from '../../../src/history/row.ts'
import { rollUp } from '../../../src/history/roll-up.ts'
import type { Sql } from '../../../src/history/sql.ts'
import { insertResults } from '../../../src/history/write/insert.ts'

export const seriesCount = 8
export const days = 67
const batch = 1000

/** How long it took, in seconds from the beginning. */
export interface Took {
  readonly written: number
  readonly addedUp: number
  /** How many statements the rollups needed, and the seconds of the longest of them. */
  readonly steps: number
  readonly longest: number
}

/** Writes checks of 8 series over 67 days, of which one in twenty is late, by two writers, while the rollups run. */
export async function writeAndRollUp(own: Sql, size: number): Promise<Took> {
  const { sql, longest } = timed(own)
  const batches = batchesOf(lateRows(size))
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
  return { written, addedUp: elapsed(), steps: longest.count, longest: longest.seconds }
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
