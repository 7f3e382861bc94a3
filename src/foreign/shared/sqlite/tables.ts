import type { Database } from 'sql.js/dist/sql-wasm-inline.js'
import { messageOf, ProbityError } from '../../../lib/errors.ts'
import { oneLine } from '../../../lib/text/text.ts'
import { readImage } from './image.ts'

/** A row, by the names of its columns. */
export type Row = Readonly<Record<string, unknown>>

/** Rows of a table: more than anybody watches. */
const maxRows = 100_000

/**
 * Reads whole tables of a database, which is not changed; its write-ahead log is read too.
 *
 * @returns The rows by table, in the order of their `id`; none where there is no such table.
 * @throws ProbityError `IMPORT_INVALID` where it cannot be read.
 */
export async function readTables<Name extends string>(
  path: string,
  names: readonly Name[],
): Promise<Readonly<Record<Name, readonly Row[]>>> {
  const image = await readImage(path)
  // A megabyte, which no other command needs.
  const { default: initialize } = await import('sql.js/dist/sql-wasm-inline.js')
  const { Database: Opened } = await initialize()
  const database = new Opened(image)
  try {
    const known = realTables(database)
    const rows = names.map((name) => [name, known.has(name) ? rowsOf(database, path, name) : []] as const)
    // There is a row for every name, which the type of `fromEntries` does not know.
    return Object.fromEntries(rows) as unknown as Record<Name, Row[]>
  } catch (cause) {
    if (cause instanceof ProbityError) throw cause
    throw new ProbityError('IMPORT_INVALID', `${path} is damaged: ${oneLine(messageOf(cause))}`, { cause })
  } finally {
    database.close()
  }
}

/** Tables that hold rows: a view or a virtual table runs what somebody wrote. */
function realTables(database: Database): ReadonlySet<unknown> {
  const rows = query(database, "select name from sqlite_schema where type = 'table' and rootpage > 0")
  return new Set(rows.map(({ name }) => name))
}

function rowsOf(database: Database, path: string, table: string): Row[] {
  const rows = query(database, `select * from "${table}" order by rowid limit ${maxRows + 1}`)
  if (rows.length > maxRows)
    throw new ProbityError(
      'IMPORT_INVALID',
      `${path} has more than ${maxRows} rows in ${table}: expected at most that many`,
    )
  return rows
}

function query(database: Database, sql: string): Row[] {
  const statement = database.prepare(sql)
  try {
    const names = statement.getColumnNames()
    const rows: Row[] = []
    while (statement.step()) {
      const values = statement.get()
      rows.push(Object.fromEntries(names.map((name, index) => [name, values[index]])))
    }
    return rows
  } finally {
    statement.free()
  }
}
