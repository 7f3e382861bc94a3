import { expect, it } from 'vitest'
import { makeReport, reportFrom } from '../../../src/app/report/make.ts'
import { migrate } from '../../../src/history/migrate.ts'
import { openPostgres } from '../../../src/history/postgres.ts'
import { writeReport } from '../../../src/history/report/formats.ts'
import type { Sql } from '../../../src/history/sql.ts'
import { insertResults } from '../../../src/history/write/insert.ts'
import { systemClock } from '../../../src/lib/time/clock.ts'
import { quiet } from '../../history/support/databases.ts'
import { row } from '../../history/support/rows.ts'
import { describeWithPostgres, startPostgres } from '../../support/programs/postgres.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const request = {
  config: { vendors: new Map(), targets: [], callTargets: [] },
  month: '2026-10',
}

describeWithPostgres('the report while another process adds up', () => {
  /** A check of October is stored; while `work` runs, another process holds the lock of the rollups. */
  async function whileLocked(
    work: (sql: Sql, url: string, free: () => void) => Promise<void>,
  ): Promise<void> {
    const server = await startPostgres()
    const sql = openPostgres({ url: server.url, log: quiet })
    await migrate(sql)
    await insertResults(sql, [row('2026-10-05T10:00:00Z')])
    let free = (): void => undefined
    const freed = new Promise<void>((resolve) => (free = resolve))
    let locked = (): void => undefined
    const isLocked = new Promise<void>((resolve) => (locked = resolve))
    const holding = sql.transaction(async (held) => {
      await held.query(`select pg_advisory_xact_lock(hashtext('probity.roll'))`)
      locked()
      await freed
    })
    await isLocked
    await work(sql, server.url, free)
    free()
    await holding
    await sql.close()
    await server.stop()
  }

  it('waits for it, and has everything then', async () => {
    await whileLocked(async (sql, databaseUrl, free) => {
      const place = { databaseUrl, folder: 'nowhere' }
      const making = makeReport({ ...request, place }, { clock: systemClock, log: quiet })
      const looks = `select 1 from pg_stat_activity
        where query like '%from probity.touched%' and pid <> pg_backend_pid()`
      await waitFor('it looks at what is pending', async () => (await sql.query(looks)).length > 0)
      free()
      const report = await making
      expect(report).not.toHaveProperty('pendingSince')
      expect(report.vendors).toMatchObject([{ vendor: 'v', checks: 1 }])
    })
  })

  it('says what is missing where that takes too long, and never that nothing was observed', async () => {
    await whileLocked(async (sql) => {
      const report = await reportFrom(() => sql, { ...request, patienceMs: 0 }, systemClock)
      expect(report.pendingSince).toEqual(new Date('2026-10-05T10:00:00Z'))
      for (const format of ['text', 'md', 'html'] as const) {
        const text = writeReport[format](report)
        expect(text).toContain('results since 2026-10-05 10:00:00Z are stored but not added up yet')
        expect(text).not.toContain('Nothing was observed')
      }
      const before = await reportFrom(() => sql, { ...request, month: '2026-09', patienceMs: 0 }, systemClock)
      expect(before).not.toHaveProperty('pendingSince')
      expect(writeReport.text(before)).toContain('Nothing was observed.')
    })
  })
})
