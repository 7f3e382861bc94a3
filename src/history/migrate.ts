import { readdir, readFile } from 'node:fs/promises'
import { ProbityError } from '../lib/errors.ts'
import type { Sql } from './sql.ts'

const folder = new URL('migrations/', import.meta.url)

/**
 * Brings the schema up to date: runs the files of `migrations/` that have not run yet, in the order of their numbers, each
 * with its note in one transaction. Several processes may do so at once.
 *
 * @throws ProbityError `SCHEMA_TOO_NEW` when the database was made by a newer version.
 */
export async function migrate(sql: Sql): Promise<void> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  await sql.transaction(async (transaction) => {
    await transaction.query(`select pg_advisory_xact_lock(hashtext('probity.migrations'))`)
    await transaction.script(`
      create schema if not exists probity;
      create table if not exists probity.migrations (number integer primary key, name text not null)`)
    const done = await transaction.query<{ number: number }>('select number from probity.migrations')
    const known = new Set(done.map(({ number }) => number))
    const newest = Math.max(0, ...known)
    if (newest > files.length) {
      throw new ProbityError(
        'SCHEMA_TOO_NEW',
        `the database has schema ${newest}, and this version of Probity knows ${files.length}: update Probity`,
      )
    }
    for (const name of files) {
      const number = parseInt(name, 10)
      if (known.has(number)) continue
      await transaction.script(await readFile(new URL(name, folder), 'utf8'))
      await transaction.query('insert into probity.migrations values ($1, $2)', [number, name])
    }
  })
}
