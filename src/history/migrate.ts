import { codeOf, ProbityError } from '../lib/errors.ts'
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
  const migrations = await readMigrations(folder)
  // A server that only answers queries, such as one that is read-only for a while, is of use too.
  if (missingIn(await notesOf(sql), migrations).length === 0) return
  await sql.transaction(async (transaction) => {
    for (const change of missingIn(await makeNotes(transaction), migrations)) await make(transaction, change)
  })
}

/** What has yet to be made of a database. */
function missingIn(noted: ReadonlyMap<number, string>, migrations: Migrations): readonly Change[] {
  refuseUnknown(Math.max(0, ...noted.keys()), migrations)
  const { schema, changes, functions } = migrations
  const missing = [schema, ...changes].filter(({ number }) => !noted.has(number))
  return missing.length > 0 || noted.get(functionsNumber) !== functions.name
    ? [...missing, { number: functionsNumber, ...functions }]
    : []
}

/** What was made of a database, by number; nothing of one without the tables. */
async function notesOf(sql: Statements): Promise<ReadonlyMap<number, string>> {
  try {
    const rows = await sql.query<Omit<Change, 'text'>>('select number, name from probity.migrations')
    return new Map(rows.map(({ number, name }) => [number, name]))
  } catch (error) {
    if (codeOf(error) === undefinedTable) return new Map()
    throw error
  }
}

/** SQLSTATE, also where the schema is missing, https://www.postgresql.org/docs/current/errcodes-appendix.html. */
const undefinedTable = '42P01'

/** The same, where it can be written next: others wait until the transaction ends. */
async function makeNotes(transaction: Statements): Promise<ReadonlyMap<number, string>> {
  await transaction.query(`select pg_advisory_xact_lock(hashtext('probity.migrations'))`)
  await transaction.script(`
    create schema if not exists probity;
    create table if not exists probity.migrations (number integer primary key, name text not null)`)
  return notesOf(transaction)
}

function refuseUnknown(found: number, { schema, changes }: Migrations): void {
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
