import { afterAll, beforeAll, describe } from 'vitest'
import { openEmbedded } from '../../../src/history/embedded/embedded.ts'
import { migrate } from '../../../src/history/migrate.ts'
import { openPostgres } from '../../../src/history/postgres.ts'
import type { Sql } from '../../../src/history/sql.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { embeddedFiles } from '../../support/embedded.ts'
import { describeWithPostgres, startPostgres } from '../../support/programs/postgres.ts'
import { tempFolder } from '../../support/temp-folder.ts'

export const quiet = createLogger({ destination: { write: () => undefined } })

/** The same suite on the built-in database and on a server. The schema is there, and empty before each suite. */
export function onEachDatabase(name: string, suite: (sql: () => Sql) => void): void {
  describe(`${name}, PGlite`, () => {
    withDatabase(suite, async () => {
      const sql = await openEmbedded(await embeddedFiles(await tempFolder()))
      return { sql, close: sql.close }
    })
  })
  describeWithPostgres(`${name}, PostgreSQL`, () => {
    withDatabase(suite, async () => {
      const server = await startPostgres()
      const sql = openPostgres({ url: server.url, log: quiet })
      return { sql, close: () => sql.close().then(server.stop) }
    })
  })
}

function withDatabase(
  suite: (sql: () => Sql) => void,
  open: () => Promise<{ sql: Sql; close: () => Promise<void> }>,
): void {
  let database: Awaited<ReturnType<typeof open>>
  beforeAll(async () => {
    database = await open()
    await migrate(database.sql)
  })
  afterAll(() => database.close())
  suite(() => database.sql)
}
