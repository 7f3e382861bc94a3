import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'

/** A change of the tables, which is made once. */
export interface Change {
  readonly number: number
  readonly name: string
  readonly text: string
}

/** What a database of this version is made of. */
export interface Migrations {
  /** The tables that a new database begins with, and the number that they stand for. */
  readonly schema: Change
  /** What has changed since, in the order of the numbers. */
  readonly changes: readonly Change[]
  /** Functions and views: everything that can replace what is there. The name changes with the text. */
  readonly functions: { readonly name: string; readonly text: string }
}

/** `schema.sql` has what the first five numbers made, before anything was released. */
const schemaNumber = 5

/** As it was built. */
export const builtFolder = new URL('migrations/', import.meta.url)

/** Reads `schema.sql`, the numbered files and `functions/*.sql`; the latter are one text, in the order of their names. */
export async function readMigrations(folder: URL): Promise<Migrations> {
  const numbered = (await sqlFiles(folder)).filter((name) => /^\d/.test(name))
  const changes = numbered.map(async (name) => ({
    number: parseInt(name, 10),
    name,
    text: await readFile(new URL(name, folder), 'utf8'),
  }))
  const functions = new URL('functions/', folder)
  const texts = (await sqlFiles(functions)).map((name) => readFile(new URL(name, functions), 'utf8'))
  const text = (await Promise.all(texts)).join('\n')
  const name = 'schema.sql'
  return {
    schema: { number: schemaNumber, name, text: await readFile(new URL(name, folder), 'utf8') },
    changes: await Promise.all(changes),
    functions: { name: `functions ${createHash('sha256').update(text).digest('hex')}`, text },
  }
}

async function sqlFiles(folder: URL): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
}
