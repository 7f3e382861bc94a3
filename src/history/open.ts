import { join } from 'node:path'
import type { KeptFile } from '../lib/io/keeping.ts'
import type { Logger } from '../lib/logger.ts'
import { insertRows } from './write/insert.ts'
import { openSpill, type Spill } from './write/spill.ts'
import type { Sql } from './sql.ts'

export interface SqlPlace {
  /** A PostgreSQL server; without it the database is built in, in the folder. */
  readonly databaseUrl?: string
  readonly folder: string
  readonly log: Logger
}

/**
 * Opens the database. The drivers are loaded when they are needed: they are large.
 *
 * @throws ProbityError of the built-in database; a server is connected to when it is first asked.
 */
export async function openSql({ databaseUrl, folder, log }: SqlPlace): Promise<Sql> {
  if (databaseUrl !== undefined)
    return (await import('./postgres.ts')).openPostgres({ url: databaseUrl, log })
  return (await import('./embedded/embedded.ts')).openEmbedded(folder)
}

/**
 * Opens the file of the rows that wait on the disk.
 *
 * @throws Whatever the file system said.
 */
export function openWaiting(folder: string, report?: KeptFile): Promise<Spill> {
  return openSpill({ path: join(folder, 'waiting.jsonl'), ...(report && { report }) })
}

/**
 * Stores what a process that has ended left on the disk.
 *
 * @throws Whatever the database or the file system said; what was not stored stays where it is.
 */
export async function storeWaiting(folder: string, sql: Sql): Promise<void> {
  const waiting = await openWaiting(folder)
  try {
    await waiting.replay((rows) => insertRows(sql, rows))
  } finally {
    await waiting.close()
  }
}
