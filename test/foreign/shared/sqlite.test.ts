import { beforeEach, describe, expect, it } from 'vitest'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import initialize from 'sql.js/dist/sql-wasm-inline.js'
import { readTables } from '../../../src/foreign/shared/sqlite/tables.ts'
import { tempFolder } from '../../support/temp-folder.ts'

let path: string

beforeEach(async () => {
  path = join(await tempFolder(), 'any.db')
})

/** What SQLite itself makes of statements. */
async function make(sql: string): Promise<void> {
  const { Database } = await initialize()
  const database = new Database()
  database.run(sql)
  await writeFile(path, database.export())
  database.close()
}

describe('readTables', () => {
  it.each([512, 4096, 65_536])('reads a database with pages of %d bytes', async (size) => {
    await make(`pragma page_size = ${size}; create table a (id integer primary key, "b c", d blob);
      insert into a values (2, 'é', x'00ff'), (1, null, 1.5)`)
    expect(await readTables(path, ['a', 'gone'])).toEqual({
      a: [
        { id: 1, 'b c': null, d: 1.5 },
        { id: 2, 'b c': 'é', d: new Uint8Array([0, 255]) },
      ],
      gone: [],
    })
  })

  it('runs nothing that somebody has written: no view, no virtual table', async () => {
    const endless = 'with recursive n (x) as (select 1 union all select x + 1 from n) select x as id from n'
    await make(`create view monitor as ${endless}; create virtual table tag using fts3 (name)`)
    expect(await readTables(path, ['monitor', 'tag'])).toEqual({ monitor: [], tag: [] })
  })

  it('refuses more rows than anybody watches', async () => {
    const rows =
      'with recursive n (x) as (select 1 union all select x + 1 from n limit 100001) select x from n'
    await make(`create table monitor (id integer primary key); insert into monitor ${rows}`)
    await expect(readTables(path, ['monitor'])).rejects.toMatchObject({
      code: 'IMPORT_INVALID',
      message: `${path} has more than 100000 rows in monitor: expected at most that many`,
    })
  })

  it('says that there is no such file', async () => {
    await expect(readTables(path, ['a'])).rejects.toMatchObject({
      message: `${path} cannot be read: there is no such file`,
    })
  })
})
