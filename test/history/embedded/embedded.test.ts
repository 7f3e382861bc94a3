import { spawnSync } from 'node:child_process'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEmbedded, openWithLock } from '../../../src/history/embedded/embedded.ts'
import type { Sql } from '../../../src/history/sql.ts'
import { embeddedFiles } from '../../support/embedded.ts'
import { proveAll } from '../../support/proof.ts'
import { tempFolder } from '../../support/temp-folder.ts'

describe('the built-in database', () => {
  let folder: string
  let sql: Sql

  beforeAll(async () => {
    folder = await embeddedFiles(await tempFolder())
    sql = await openEmbedded(folder)
    await sql.script('create table t (n integer primary key); create table u (at timestamptz, j jsonb)')
  })
  afterAll(() => sql.close())

  it('works while nothing else here waits for it', async () => {
    let worst = 0
    let last = performance.now()
    const timer = setInterval(() => {
      worst = Math.max(worst, performance.now() - last)
      last = performance.now()
    }, 5)
    const began = performance.now()
    const [row] = await sql.query<{ n: number }>(
      'select count(*)::integer as n from generate_series(1, 3000000)',
    )
    clearInterval(timer)
    expect(row).toEqual({ n: 3_000_000 })
    expect(worst).toBeLessThan((performance.now() - began) / 2)
  })

  it('gives times as dates and JSON as what it says, as a server does', async () => {
    await sql.query('insert into u values ($1, $2)', ['2026-11-20T12:00:00.123Z', '{"a": [1]}'])
    expect(await sql.query('select * from u')).toEqual([
      { at: new Date('2026-11-20T12:00:00.123Z'), j: { a: [1] } },
    ])
  })

  it('tells errors apart by their code', async () => {
    await sql.query('insert into t values (0)')
    await expect(sql.query('insert into t values (0)')).rejects.toMatchObject({
      code: '23505',
      message: 'duplicate key value violates unique constraint "t_pkey"',
    })
    await expect(sql.script('selec 1')).rejects.toMatchObject({ code: '42601' })
  })

  it('takes a transaction back that throws, and lets nothing else into it', async () => {
    const inside = sql.transaction(async (transaction) => {
      await transaction.query('insert into t values (1)')
      await new Promise((resolve) => setTimeout(resolve, 20))
      throw new Error('no')
    })
    const outside = sql.query('insert into t values (2)')
    await expect(inside).rejects.toThrow('no')
    await outside
    expect(await sql.query('select n from t where n > 0')).toEqual([{ n: 2 }])
    await expect(
      sql.transaction(async (transaction) => {
        await transaction.query('insert into t values (3)')
        await transaction.query('insert into t values (3)')
      }),
    ).rejects.toMatchObject({ code: '23505' })
    expect(await sql.query('select n from t where n > 0')).toEqual([{ n: 2 }])
  })

  it('is refused to another', async () => {
    await expect(openEmbedded(folder)).rejects.toMatchObject({ code: 'FOLDER_LOCKED' })
  })

  it('is closed once, and says afterwards that it is', async () => {
    const own = await embeddedFiles(await tempFolder())
    const other = await openEmbedded(own)
    const last = other.query('select 1 as one')
    await Promise.all([other.close(), other.close()])
    expect(await last).toEqual([{ one: 1 }])
    await expect(other.query('select 1')).rejects.toMatchObject({ code: 'DATABASE_GONE' })
    // Its files are whole, and its folder is free.
    await rm(join(own, 'pgdata/PG_VERSION'))
    const opening = openEmbedded(own)
    await expect(opening).rejects.toMatchObject({ code: 'DATABASE_UNREADABLE' })
    await expect(opening).rejects.toThrow(`cannot open the database in ${own}: `)
    await writeFile(join(own, 'pgdata/PG_VERSION'), '18\n')
    const again = await openEmbedded(own)
    await again.close()
  })

  it('says what to do where its files are damaged', async () => {
    const own = await embeddedFiles(await tempFolder())
    for (const name of await readdir(join(own, 'pgdata/global')))
      await writeFile(join(own, 'pgdata/global', name), 'x'.repeat(8192))
    const opening = openEmbedded(own)
    await expect(opening).rejects.toMatchObject({ code: 'DATABASE_UNREADABLE' })
    await expect(opening).rejects.toThrow(
      /its files are damaged: restore pgdata from a backup, or move it away/,
    )
  })

  it('can be given up while its files are made, and leaves none that look whole', async () => {
    const own = await tempFolder()
    const giveUp = new AbortController()
    const opening = openWithLock(own, giveUp.signal)
    setTimeout(() => {
      giveUp.abort()
    }, 100)
    await expect(opening).rejects.toMatchObject({ code: 'DATABASE_UNREADABLE' })
    expect(await readdir(own)).not.toContain('pgdata')
  })

  it('takes away what a process that was killed has left half made', async () => {
    // To make the files takes seconds: what this run copies was made by its first suite, with the same code.
    const own = proveAll ? await tempFolder() : await embeddedFiles(await tempFolder())
    await mkdir(join(own, 'pgdata.0a1b2c3d.new/base'), { recursive: true })
    const database = await openWithLock(own)
    expect(await readdir(own)).toEqual(['pgdata'])
    await database.close()
  })

  it('keeps a program alive while it is asked something, and no longer', async () => {
    const folder = await embeddedFiles(await tempFolder())
    const program = `
      const { openEmbedded } = await import(${JSON.stringify(new URL('../../../src/history/embedded/embedded.ts', import.meta.url).href)})
      const sql = await openEmbedded(process.argv[1])
      console.log((await sql.query('select 1 as one'))[0].one)`
    const flags = ['--import', 'tsx', '--input-type=module', '-e', program, folder]
    const { stdout, stderr, status } = spawnSync(process.execPath, flags, {
      encoding: 'utf8',
      timeout: 240_000,
    })
    expect({ stdout, stderr, status }).toEqual({ stdout: '1\n', stderr: '', status: 0 })
  })
})
