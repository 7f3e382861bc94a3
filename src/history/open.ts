import type { Logger } from '../lib/logger.ts'
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
  return (await import('./embedded.ts')).openEmbedded(folder)
}
