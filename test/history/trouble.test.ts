import { afterEach, beforeEach, expect, it } from 'vitest'
import pg from 'pg'
import { migrate } from '../../src/history/migrate.ts'
import { openPostgres } from '../../src/history/postgres.ts'
import { openHistory, type History } from '../../src/history/store.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { systemClock } from '../../src/lib/time/clock.ts'
import { atEnd } from '../support/at-end.ts'
import { createDatabase, describeWithPostgres } from '../support/programs/postgres.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'
import { quiet } from './support/databases.ts'
import { row } from './support/rows.ts'
import { makeOldSchema } from './support/schema-5.ts'

interface Line {
  readonly msg: string
  readonly error?: string
}

let url: string
let lines: Line[]
let counts: { written: number; dropped: number }
let history: History
let added: string[]

beforeEach(async () => {
  url = await createDatabase()
  lines = []
  counts = { written: 0, dropped: 0 }
  added = []
})

afterEach(() => history.stop())

/** @param user Default: one who may do everything. */
async function open(user = 'probity'): Promise<void> {
  history = await openHistory({
    folder: await tempFolder(),
    databaseUrl: url.replace('probity@', `${user}@`),
    clock: systemClock,
    log: createLogger({ destination: { write: (line) => void lines.push(JSON.parse(line) as Line) } }),
    events: {
      written: (rows) => (counts.written += rows.length),
      dropped: (count) => (counts.dropped += count),
    },
    writer: { collectMs: 5, retryMs: [5, 5] },
    upkeepMs: 20,
  })
}

/** A check of so many seconds ago. */
function add(): void {
  const at = Math.floor(Date.now() / 1000) * 1000 - 600_000 + added.length * 1000
  added.push(new Date(at).toISOString())
  history.add(row(at))
}

async function stored(count = added.length): Promise<void> {
  await waitFor('all is stored', () => counts.written === count && history.length === 0)
}

/** The error that the log has, once, until the database is available again. */
async function refused(): Promise<string> {
  add()
  const line = await waitFor('rows wait on the disk', () =>
    lines.find(({ msg }) => msg === 'history: the database is unavailable, rows wait on the disk'),
  )
  add()
  await waitFor('both wait', () => history.length === 2)
  return line.error ?? ''
}

/** And the log repeats nothing: each trouble has its end before it can begin again, as when a connection is cut once more. */
async function expectAllStoredOnce(): Promise<void> {
  const rows = await ask<{ at: Date }>('select checked_at as at from probity.probe_results order by 1')
  expect(rows.map(({ at }) => at.toISOString())).toEqual(added)
  expect(counts.dropped).toBe(0)
  for (const topic of [/unavailable|available again/, /rollups/]) {
    const said = lines.map(({ msg }) => msg).filter((msg) => topic.test(msg))
    expect(said.filter((msg, at) => msg === said[at - 1])).toEqual([])
  }
}

async function connect(to = url): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: to })
  client.on('error', () => undefined)
  await client.connect()
  atEnd(() => client.end().catch(() => undefined))
  return client
}

/** As somebody who administrates the server, from another database of it. */
async function ask<T extends object>(statement: string, to = url): Promise<T[]> {
  const client = await connect(to)
  const { rows } = await client.query<T>(statement)
  await client.end()
  return rows
}

const nameOf = (database: string): string => new URL(database).pathname.slice(1)
const name = (): string => nameOf(url)
const admin = (statement: string) => ask(statement, new URL('/postgres', url).href)

/** Ends the connections of Probity, as a server does that goes away. */
async function cut(): Promise<void> {
  await admin(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name()}'`)
}

describeWithPostgres('rows wait on the disk, and are stored once,', () => {
  it('while the server takes nothing but queries, which go on', async () => {
    await open()
    add()
    await stored()
    await ask(`alter database ${name()} set default_transaction_read_only = on`)
    await cut()
    expect(await refused()).toMatch(/^cannot execute .* in a read-only transaction$/)
    expect(await history.sql.query('select 1 from probity.probe_results')).toHaveLength(1)
    // So they do for a process that starts meanwhile.
    const late = openPostgres({ url, log: quiet })
    await migrate(late)
    await late.close()
    await admin(`alter database ${name()} reset default_transaction_read_only`)
    await cut()
    await stored()
    await expectAllStoredOnce()
  })

  it('while the server is out of connections', async () => {
    await admin(`
      create role app login connection limit 0;
      grant create on database ${name()} to app`)
    await open('app')
    expect(await refused()).toBe('too many connections for role "app"')
    await admin('alter role app connection limit -1')
    await stored()
    await expectAllStoredOnce()
  })

  it('while the server is slow, and nobody waits for it', async () => {
    await open()
    add()
    await stored()
    const other = await connect()
    await other.query('begin; lock table probity.probe_results in access exclusive mode')
    add()
    add()
    await waitFor('a statement waits', async () => {
      const { rows } = await other.query(
        `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      )
      return rows.length > 0
    })
    expect(history.length).toBe(2)
    await other.query('commit')
    await stored()
    await expectAllStoredOnce()
  })

  it.each([
    ['without anything', () => Promise.resolve()],
    ['of an older version', makeOldSchema],
  ])('where another server takes over, %s', async (_what, make) => {
    await open()
    add()
    await stored()
    const before = added.splice(0).length
    const other = await createDatabase()
    const sql = openPostgres({ url: other, log: quiet })
    await make(sql)
    await sql.close()
    await admin(`alter database ${name()} allow_connections false`)
    await cut()
    await refused()
    await admin(`alter database ${name()} rename to former_${name()}`)
    await admin(`alter database ${nameOf(other)} rename to ${name()}`)
    await stored(before + added.length)
    await expectAllStoredOnce()
  })

  it('while the database is one of a newer version', async () => {
    await open()
    add()
    await stored()
    await ask(`insert into probity.migrations values (99, 'of tomorrow')`)
    await cut()
    expect(await refused()).toMatch(
      /^the database has schema 99, and this version of Probity knows \d+: update Probity$/,
    )
    await ask('delete from probity.migrations where number = 99')
    await stored()
    await expectAllStoredOnce()
  })
})
