import { ProbityError } from '../lib/errors.ts'
import { builtFolder, readMigrations, type Change, type Migrations } from './migrations.ts'
import type { Sql, Statements } from './sql.ts'

/** The row of `probity.migrations` that says which functions are there; no change has this number. */
const functionsNumber = 0

/**
 * Brings the schema up to date, in one transaction: the tables of a new database, then the changes that have not been made
 * yet, then the functions and views where theirs are other ones. Several processes may do so at once.
 *
 * A change of the tables is a file with the next number. Functions are edited where they are; they come last, so that a
 * numbered file can make room for one that cannot be replaced (`drop function`), and cannot use a new one. A version that
 * knows the schema puts its own functions in the place of those of any other version: functions that an older one must not
 * take back need a number too.
 *
 * @param folder Of the SQL. Default: as it was built.
 * @throws ProbityError `SCHEMA_TOO_NEW` when the database was made by a newer version, `SCHEMA_TOO_OLD` when it was made before
 * there was a release.
 */
export async function migrate(sql: Sql, folder: URL = builtFolder): Promise<void> {
  const { schema, changes, functions } = await readMigrations(folder)
  await sql.transaction(async (transaction) => {
    const noted = await readNotes(transaction)
    refuseUnknown(Math.max(0, ...noted.keys()), { schema, changes })
    const missing = [schema, ...changes].filter(({ number }) => !noted.has(number))
    for (const change of missing) await make(transaction, change)
    if (missing.length > 0 || noted.get(functionsNumber) !== functions.name)
      await make(transaction, { number: functionsNumber, ...functions })
  })
}

/** What was made of a database, by number. Others wait until the transaction ends. */
async function readNotes(transaction: Statements): Promise<Map<number, string>> {
  await transaction.query(`select pg_advisory_xact_lock(hashtext('probity.migrations'))`)
  await transaction.script(`
    create schema if not exists probity;
    create table if not exists probity.migrations (number integer primary key, name text not null)`)
  const rows = await transaction.query<Omit<Change, 'text'>>('select number, name from probity.migrations')
  return new Map(rows.map(({ number, name }) => [number, name]))
}

function refuseUnknown(found: number, { schema, changes }: Omit<Migrations, 'functions'>): void {
  const newest = changes.at(-1)?.number ?? schema.number
  if (found > newest) {
    throw new ProbityError(
      'SCHEMA_TOO_NEW',
      `the database has schema ${found}, and this version of Probity knows ${newest}: update Probity`,
    )
  }
  if (found > 0 && found < schema.number) {
    throw new ProbityError(
      'SCHEMA_TOO_OLD',
      `the database has schema ${found}, from before the first release, and this version of Probity begins with ${schema.number}: move the database away to start a new one`,
    )
  }
}

async function make(transaction: Statements, { number, name, text }: Change): Promise<void> {
  await transaction.script(text)
  await transaction.query(
    'insert into probity.migrations values ($1, $2) on conflict (number) do update set name = excluded.name',
    [number, name],
  )
}
