import { readdir, readFile } from 'node:fs/promises'
import type { Sql } from '../../../src/history/sql.ts'

/** The five steps that made databases before there was a `schema.sql`, as they were. */
const steps = new URL('../fixtures/schema-5/', import.meta.url)

/** Makes a database as a version before it did: the first so many of the five steps. */
export async function makeOldSchema(sql: Sql, upTo = 5): Promise<void> {
  await sql.script(`
    drop schema if exists probity cascade;
    create schema probity;
    create table probity.migrations (number integer primary key, name text not null)`)
  const names = (await readdir(steps)).sort().filter((name) => parseInt(name, 10) <= upTo)
  for (const name of names) {
    await sql.script(await readFile(new URL(name, steps), 'utf8'))
    await sql.query('insert into probity.migrations values ($1, $2) on conflict do nothing', [
      parseInt(name, 10),
      name,
    ])
  }
}
