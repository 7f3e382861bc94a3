import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PGlite } from '@electric-sql/pglite'
import { messageOf, ProbityError } from '../lib/errors.ts'
import { lockFolder } from '../lib/folder-lock.ts'
import type { Sql, Statements } from './sql.ts'

/** Seconds on a machine that has nothing else to do. */
const createTimeoutMs = 120_000

/**
 * The PostgreSQL that is built in, with its files in a folder. One process at a time: two would lose each other's rows.
 *
 * @throws ProbityError `FOLDER_LOCKED` when another process has the folder open, `DATABASE_UNREADABLE` when its files cannot
 * be used.
 */
export async function openEmbedded(folder: string): Promise<Sql> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const lock = await lockFolder(folder)
  let database: PGlite
  try {
    const data = join(folder, 'pgdata')
    if (!existsSync(data)) await create(data)
    database = await PGlite.create(data)
  } catch (cause) {
    await lock.release()
    throw new ProbityError(
      'DATABASE_UNREADABLE',
      `cannot open the database in ${folder}: ${messageOf(cause)}`,
      { cause },
    )
  }
  let closing: Promise<void> | undefined
  return {
    ...statementsOf(database),
    transaction: (work) => database.transaction((transaction) => work(statementsOf(transaction))),
    close: () => (closing ??= database.close().finally(() => lock.release())),
  }
}

/** What a first start does takes half a gigabyte that a process does not give back: another does it, and ends. */
async function create(data: string): Promise<void> {
  const draft = `${data}.new`
  await rm(draft, { recursive: true, force: true })
  const library = createRequire(import.meta.url).resolve('@electric-sql/pglite')
  const program = `
    const { PGlite } = require(process.argv[1])
    PGlite.create(process.argv[2]).then((database) => database.close())`
  await promisify(execFile)(process.execPath, ['-e', program, library, draft], { timeout: createTimeoutMs })
  await rename(draft, data)
}

function statementsOf(connection: Pick<PGlite, 'query' | 'exec'>): Statements {
  return {
    async query<Row>(statement: string, parameters: readonly unknown[] = []) {
      const { rows } = await connection.query<Row>(statement, [...parameters])
      return rows
    },
    async script(statements) {
      await connection.exec(statements)
    },
  }
}
