import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { openEmbedded } from '../../../src/history/embedded/embedded.ts'
import { migrate } from '../../../src/history/migrate.ts'
import { openPostgres } from '../../../src/history/postgres.ts'
import type { Sql } from '../../../src/history/sql.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { embeddedFiles } from '../../support/embedded.ts'
import { createDatabase, describeWithPostgres } from '../../support/programs/postgres.ts'
import { lastingFolder, untilWeEnd } from '../../support/programs/until-we-end.ts'

export const quiet = createLogger({ destination: { write: () => undefined } })

/** The same suite on the built-in database and on a server. The schema is there, and empty before each suite. */
export function onEachDatabase(name: string, suite: (sql: () => Sql) => void): void {
  describe(`${name}, PGlite`, () => {
    withDatabase(suite, async () => {
      embedded ??= openShared()
      const sql = await embedded
      await sql.script('drop schema if exists probity cascade')
      return { sql, close: () => Promise.resolve() }
    })
  })
  describeWithPostgres(`${name}, PostgreSQL`, () => {
    withDatabase(suite, async () => {
      const sql = openPostgres({ url: await createDatabase(), log: quiet })
      return { sql, close: () => sql.close() }
    })
  })
}

/** That of all suites of a worker: it takes seconds to start. */
let embedded: Promise<Sql> | undefined

async function openShared(): Promise<Sql> {
  const folder = await lastingFolder()
  untilWeEnd(folder)
  return openEmbedded(await embeddedFiles(join(folder, 'history')))
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
