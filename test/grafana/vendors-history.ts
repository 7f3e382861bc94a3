import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import pg from 'pg'
import { insertCalls } from '../../src/history/write/insert-calls.ts'
import { insertResults } from '../../src/history/write/insert.ts'
import { migrate } from '../../src/history/migrate.ts'
import { openPostgres } from '../../src/history/postgres.ts'
import { monthPeriod } from '../../src/history/report/period.ts'
import { buildReport } from '../../src/history/report/report.ts'
import type { Report } from '../../src/history/report/reported.ts'
import { rollUp } from '../../src/history/roll-up.ts'
import { writeVendors } from '../../src/history/vendors/promises.ts'
import { quiet } from '../history/support/databases.ts'
import { monthRows, time } from '../history/support/month.ts'
import { sqlDashboards } from '../support/grafana.ts'
import { askSql, sqlQueries, type SqlAnswer, type SqlChoice } from '../support/grafana-sql.ts'
import { startPostgres, type TestPostgres } from '../support/programs/postgres.ts'
import { callRows, otherRows, promised, timeZone, vendors } from './vendors-data.ts'

/** A PostgreSQL with the schema of the history, asked by a user who may only read. */
export interface VendorsHistory {
  /** The month that was computed by hand, and more. */
  readonly load: () => Promise<void>
  /** What `probity report` says of it. */
  readonly report: () => Promise<Report>
  /** Last month, and every vendor that the dashboard offers. */
  readonly choice: () => Promise<SqlChoice>
  readonly ask: (sql: string, choice: SqlChoice) => Promise<SqlAnswer>
  /** What the panel of this title shows of it. */
  readonly panel: (title: string, other?: Partial<SqlChoice>) => Promise<SqlAnswer>
  /** The vendors that the dashboard offers. */
  readonly options: () => Promise<string[]>
  readonly stop: () => Promise<void>
}

/** Starts one, without rows. */
export async function startVendorsHistory(): Promise<VendorsHistory> {
  const server = await startPostgres()
  const sql = openPostgres({ url: server.url, log: quiet })
  await migrate(sql)
  const reader = await readOnly(server)
  const period = monthPeriod('2026-10', timeZone)

  async function options(): Promise<string[]> {
    const { query } = sqlDashboards[0]!.templating.list.find(({ name }) => name === 'vendor')!
    const { rows } = await reader.query<{ vendor: string }>(query)
    return rows.map(({ vendor }) => vendor)
  }

  // "Last month" of Grafana ends a millisecond before the next one begins.
  const choice = async (): Promise<SqlChoice> => ({
    from: period.from,
    to: period.to - 1,
    timeZone,
    vendors: await options(),
  })

  return {
    async load() {
      const rows = [...monthRows(), ...otherRows()]
      for (let start = 0; start < rows.length; start += 2000)
        await insertResults(sql, rows.slice(start, start + 2000))
      await insertCalls(sql, callRows())
      await rollUp(sql)
      await writeVendors(sql, promised)
    },
    report: () => buildReport({ sql, period, timeZone, vendors, now: time('11-15T00:00:00') }),
    choice,
    options,
    ask: (query, chosen) => askSql(reader, query, chosen),
    async panel(title, other) {
      const { sql: query } = sqlQueries.find(({ panel }) => panel.title === title)!
      return askSql(reader, query, { ...(await choice()), ...other })
    },
    async stop() {
      await reader.end()
      await sql.close()
      await server.stop()
    },
  }
}

/** The user that docs/dashboards.md makes for a Grafana, who may only read. */
async function readOnly({ url }: TestPostgres): Promise<pg.Client> {
  const doc = readFileSync(join(import.meta.dirname, '../../docs/dashboards.md'), 'utf8')
  const [, statements = ''] = /```sql\n(.*?)```/s.exec(doc) ?? []
  const owner = new pg.Client({ connectionString: url })
  await owner.connect()
  await owner.query(statements)
  await owner.end()
  const client = new pg.Client({ connectionString: url.replace('//probity@', '//grafana@') })
  await client.connect()
  await expect(client.query('delete from probity.vendors')).rejects.toThrow('permission denied')
  return client
}
