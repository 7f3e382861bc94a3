import { beforeEach, expect, it } from 'vitest'
import { migrate } from '../../src/history/migrate.ts'
import { readPending } from '../../src/history/pending.ts'
import { openPostgres } from '../../src/history/postgres.ts'
import { rollUp } from '../../src/history/roll-up.ts'
import { openHistory } from '../../src/history/store.ts'
import { insertResults } from '../../src/history/write/insert.ts'
import { systemClock } from '../../src/lib/time/clock.ts'
import { describeWithPostgres, startPostgres } from '../support/programs/postgres.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'
import { onEachDatabase, quiet } from './support/databases.ts'
import { empty, row } from './support/rows.ts'

const t0 = Date.parse('2026-10-31T23:50:00Z')
const at = (seconds: number): number => t0 + seconds * 1000

onEachDatabase('what is not added up yet', (sql) => {
  beforeEach(() => empty(sql()))

  it('begins with the oldest result that is not, and lags behind the newest that is stored', async () => {
    expect(await readPending(sql())).toBeUndefined()
    await insertResults(sql(), [row(at(0)), row(at(3600)), row(at(7200))])
    expect(await readPending(sql())).toEqual({ since: new Date(at(0)), marks: 3, lagSeconds: 7200 })
    await sql().query('select probity.roll(1, 1)')
    expect(await readPending(sql())).toEqual({ since: new Date(at(3600)), marks: 2, lagSeconds: 3600 })
    await rollUp(sql())
    expect(await readPending(sql())).toBeUndefined()
    await insertResults(sql(), [row(at(30))])
    expect(await readPending(sql())).toEqual({ since: new Date(at(30)), marks: 1, lagSeconds: 7170 })
  })
})

describeWithPostgres('a history of which another process holds the lock of the rollups', () => {
  it('knows what is not added up, until the lock is free', async () => {
    const server = await startPostgres()
    const other = openPostgres({ url: server.url, log: quiet })
    await migrate(other)
    const history = await openHistory({
      databaseUrl: server.url,
      folder: await tempFolder(),
      events: { written: () => undefined, dropped: () => undefined },
      clock: systemClock,
      log: quiet,
      writer: { collectMs: 5 },
      upkeepMs: 20,
    })
    const now = Math.floor(Date.now() / 1000) * 1000
    await other.transaction(async (held) => {
      await held.query(`select pg_advisory_xact_lock(hashtext('probity.roll'))`)
      history.add(row(now - 1000))
      history.add(row(now))
      await waitFor('the lag is known', () => history.pending() !== undefined)
      expect(history.pending()).toMatchObject({ since: new Date(now - 1000) })
    })
    await waitFor('everything is added up', () => history.pending() === undefined)
    expect(await other.query('select sum(checks)::integer as n from probity.daily')).toEqual([{ n: 2 }])
    await history.stop()
    await other.close()
    await server.stop()
  })
})
