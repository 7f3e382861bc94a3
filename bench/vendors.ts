import pg from 'pg'
import { migrate } from '../src/history/migrate.ts'
import { openPostgres } from '../src/history/postgres.ts'
import { writeVendors } from '../src/history/vendors/promises.ts'
import { createLogger } from '../src/lib/logger.ts'
import { askSql, sqlQueries, type SqlRange } from '../test/support/grafana-sql.ts'
import type { Measurement } from './run.ts'

const runs = 9
const dayMs = 86_400_000
const vendors = Array.from({ length: 20 }, (_, index) => `vendor-${index}`)

/**
 * Every query of the Vendors dashboard over the rows that `npm run bench history` has left in the PostgreSQL of DATABASE_URL: as it
 * opens, with the 30 days before the newest row, and with a time range that has as many rows before it.
 */
export async function vendorsBenchmark(): Promise<Measurement[]> {
  const { DATABASE_URL: url } = process.env
  if (url === undefined)
    throw new Error('set DATABASE_URL to the database that "npm run bench history" has filled')
  const log = createLogger({ level: 'warn' })
  const sql = openPostgres({ url, log, statementTimeout: 600 })
  await migrate(sql)
  await writeVendors(
    sql,
    vendors.map((name) => ({ name, sla: 0.999 })),
  )
  await sql.script('vacuum analyze')
  const [found] = await sql.query<{ rows: number; first: Date; newest: Date }>(
    `select (select sum(checks)::integer from probity.daily) as rows, (select min(at) from probity.transitions) as first,
       (select max(last_at) from probity.series) as newest`,
  )
  await sql.close()
  if (!found?.newest) throw new Error('the database has no rows: run "npm run bench history" first')
  const to = found.newest.getTime()
  const half = Math.floor((to - found.first.getTime()) / 2)
  const ranges = {
    '30 days': { from: Math.floor((to - 30 * dayMs) / dayMs) * dayMs, to },
    'half of the time, compared with the other half': { from: to - half, to },
  }
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const measured: Measurement[] = [{ what: 'rows', value: found.rows, unit: 'rows' }]
  for (const [name, range] of Object.entries(ranges))
    for (const query of sqlQueries) measured.push(...(await measure(client, name, query, range)))
  await client.end()
  return measured
}

async function measure(
  client: pg.Client,
  range: string,
  { name, sql }: (typeof sqlQueries)[number],
  { from, to }: SqlRange,
): Promise<Measurement[]> {
  const times: number[] = []
  for (let run = 0; run < runs; run++) {
    const start = performance.now()
    await askSql(client, sql, { from, to, vendors, timeZone: 'Europe/Berlin' })
    times.push(performance.now() - start)
  }
  times.sort((a, b) => a - b)
  const what = `${range}: ${name}`
  return [
    { what: `${what}: median of ${runs}`, value: times[Math.floor(runs / 2)] ?? NaN, unit: 'ms' },
    { what: `${what}: slowest`, value: times.at(-1) ?? NaN, unit: 'ms' },
  ]
}
