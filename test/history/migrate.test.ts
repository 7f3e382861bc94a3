import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeEach, expect, it } from 'vitest'
import { insertRows } from '../../src/history/write/insert.ts'
import { migrate } from '../../src/history/migrate.ts'
import type { CallRow } from '../../src/history/row.ts'
import { rollUp } from '../../src/history/roll-up.ts'
import { writeVendors } from '../../src/history/vendors/promises.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { catalogueOf } from './support/catalogue.ts'
import { onEachDatabase } from './support/databases.ts'
import { derived, recompute } from './support/derived.ts'
import { failed, row } from './support/rows.ts'
import { fillOldSchema, makeOldSchema } from './support/schema-5.ts'

// The built-in database takes seconds for what a server does at once, and more on a busy machine.

const built = new URL('../../src/history/migrations/', import.meta.url)
const t0 = Date.parse('2026-10-31T23:50:00Z')

/** Two hours of checks with an outage, a gap and a maintenance, and a minute of calls. */
const rows = [
  ...[0, 30, 60].map((second) => row(t0 + second * 1000)),
  failed(t0 + 90_000, { maintenance: true }),
  row(t0 + 120_000),
  row(t0 + 3_600_000),
]
const calls: CallRow = {
  target: 'a',
  location: 'here',
  labels: { vendor: 'v' },
  checked_at: new Date(t0).toISOString(),
  calls: {
    caller: 'shop',
    version: '1',
    writer: 'w',
    ok: 3,
    error: 1,
    unknown: 0,
    over_limit: 1,
    duration_sum: 0.4,
    latency: { '-100': 3 },
  },
}

onEachDatabase('the schema', (sql) => {
  beforeEach(async () => {
    await sql().script('drop schema if exists probity cascade')
  })

  const notes = () => sql().query('select number, name from probity.migrations order by number')

  /** Whatever is stored, table by table. */
  async function stored(): Promise<Record<string, unknown>> {
    const found: Record<string, unknown> = await derived(sql())
    for (const table of ['series', 'probe_results', 'call_minutes', 'call_hourly', 'call_daily', 'vendors'])
      found[table] = await sql().query(
        `select to_jsonb(t) - 'vendor' as line from probity.${table} t order by t`,
      )
    return found
  }

  /** As earlier versions marked what is new: one mark for each series and batch, however long. */
  async function makeWideMarks(): Promise<void> {
    await sql().script(`
      with narrow as (delete from probity.touched returning *)
      insert into probity.touched select series_id, min(from_at) - interval '90 minutes', max(to_at) from narrow group by 1`)
  }

  async function migrationsWith(files: Readonly<Record<string, string>>): Promise<URL> {
    const folder = await tempFolder()
    await cp(built, folder, { recursive: true })
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
    return pathToFileURL(`${folder}/`)
  }

  it('of a new database is the one that a database of the five steps before it becomes', async () => {
    await migrate(sql())
    const made = await catalogueOf(sql())
    await makeOldSchema(sql())
    await migrate(sql())
    expect(made).toEqual(await catalogueOf(sql()))
    for (const kind of ['relations', 'columns', 'constraints', 'indexes', 'views', 'functions', 'aggregates'])
      expect(made[kind]?.length).toBeGreaterThan(0)
  })

  it('of a database of those five steps stays, with what it holds, and goes on being written', async () => {
    await makeOldSchema(sql())
    await fillOldSchema(sql(), rows, calls)
    await writeVendors(sql(), [{ name: 'v', sla: 0.99, slaExcludesMaintenance: true }])
    await rollUp(sql())
    const before = await stored()
    await migrate(sql())
    expect(await stored()).toEqual(before)
    expect(await sql().query('select target, vendor from probity.series')).toEqual([
      { target: 'a', vendor: 'v' },
    ])

    await insertRows(sql(), [
      failed(t0 + 3_630_000),
      row(t0 + 3_660_000),
      { ...calls, calls: { ...calls.calls, writer: 'x' } },
    ])
    await makeWideMarks()
    await rollUp(sql())
    const incremental = await derived(sql())
    expect(await sql().query('select started_at from probity.incidents')).toHaveLength(2)
    expect(await sql().query('select ok::integer from probity.call_daily')).toEqual([{ ok: 6 }])
    await recompute(sql())
    expect(await derived(sql())).toEqual(incremental)
  })

  it('is made once, also by several at once, and touches no rows', async () => {
    await Promise.all([migrate(sql()), migrate(sql())])
    await insertRows(sql(), rows)
    const versions = () =>
      sql().query(
        "select oid::regprocedure::text as name, xmin::text from pg_proc where pronamespace = 'probity'::regnamespace order by 1",
      )
    const before = await versions()
    await migrate(sql())
    expect(await versions()).toEqual(before)
    expect(await sql().query('select checked_at from probity.probe_results')).toHaveLength(rows.length)
    expect(await notes()).toEqual([
      { number: 0, name: expect.stringMatching(/^functions [0-9a-f]{64}$/) },
      { number: 5, name: 'schema.sql' },
      { number: 6, name: '006-marks.sql' },
      { number: 7, name: '007-vendors.sql' },
      { number: 8, name: '008-vendor-states.sql' },
      { number: 9, name: '009-deployment-marks.sql' },
      { number: 10, name: '010-heartbeats.sql' },
      { number: 11, name: '011-command-runs.sql' },
      { number: 12, name: '012-subscribers-and-silences.sql' },
    ])
  })

  it('gets the functions of the version that opens it, and only where they are other ones', async () => {
    await migrate(sql())
    const catalogue = await catalogueOf(sql())
    const other = await migrationsWith({
      'functions/zone.sql': `create or replace function probity.zone(name text) returns text language sql as $$ select 'another' $$;`,
    })
    await migrate(sql(), other)
    expect(await sql().query(`select probity.zone('') as zone`)).toEqual([{ zone: 'another' }])
    await migrate(sql())
    expect(await sql().query(`select probity.zone('') as zone`)).toEqual([{ zone: 'UTC' }])
    expect(await catalogueOf(sql())).toEqual(catalogue)
  })

  it('takes a change with the next number, once, before the functions that need it', async () => {
    await migrate(sql())
    const changed = await migrationsWith({
      '013-region.sql': `
        alter table probity.series add column region text not null default 'eu';
        drop function probity.zone(text);`,
      'functions/zone.sql': `
        create or replace function probity.zone(name text) returns text language sql as $$ select region from probity.series $$;`,
      'functions/vendors.sql': '',
    })
    await insertRows(sql(), rows)
    await migrate(sql(), changed)
    await migrate(sql(), changed)
    expect(await sql().query(`select probity.zone('') as zone`)).toEqual([{ zone: 'eu' }])
    expect(await notes()).toMatchObject([
      { number: 0 },
      { number: 5 },
      { number: 6 },
      { number: 7 },
      { number: 8 },
      { number: 9 },
      { number: 10 },
      { number: 11 },
      { number: 12 },
      { number: 13, name: '013-region.sql' },
    ])
    await expect(migrate(sql())).rejects.toThrow(
      'the database has schema 13, and this version of Probity knows 12: update Probity',
    )
  })

  it('stays as it was where a change cannot be made', async () => {
    await migrate(sql())
    const [before, catalogue] = [await notes(), await catalogueOf(sql())]
    const broken = await migrationsWith({
      '013-broken.sql': 'alter table probity.series add column region text; select probity.nothing();',
    })
    await expect(migrate(sql(), broken)).rejects.toThrow('probity.nothing() does not exist')
    expect(await notes()).toEqual(before)
    expect(await catalogueOf(sql())).toEqual(catalogue)
  })

  it('is refused to a version that does not know it', async () => {
    await migrate(sql())
    await sql().query(`insert into probity.migrations values (99, 'from the future')`)
    await expect(migrate(sql())).rejects.toMatchObject({ code: 'SCHEMA_TOO_NEW' })
  })

  it.each([1, 2, 3, 4])('of step %i is refused with words, and left as it is', async (step) => {
    await makeOldSchema(sql(), step)
    const catalogue = await catalogueOf(sql())
    await expect(migrate(sql())).rejects.toMatchObject({
      code: 'SCHEMA_TOO_OLD',
      message: `the database has schema ${step}, from before the first release, and this version of Probity begins with 5: move the database away to start a new one`,
    })
    expect(await catalogueOf(sql())).toEqual(catalogue)
  })
})
