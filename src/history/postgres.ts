import pg from 'pg'
import type { Logger } from '../lib/logger.ts'
import type { Sql, Statements } from './sql.ts'

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string
  readonly log: Logger
  /** Seconds that a statement may take. Default 30. */
  readonly statementTimeout?: number
}

/** Milliseconds: a server that does not answer must not hold the queue up. */
const connectTimeoutMs = 5_000

/** A PostgreSQL server. Connects when it is first needed, and again after a connection is lost. */
export function openPostgres({ url, log, statementTimeout = 30 }: PostgresOptions): Sql {
  const pool = new pg.Pool({
    connectionString: url,
    max: 4,
    connectionTimeoutMillis: connectTimeoutMs,
    // Not a parameter of the start, which PgBouncer refuses by default.
    // oxlint-disable-next-line typescript/no-misused-promises -- the pool waits for it; its types do not say so
    async onConnect(client: pg.ClientBase) {
      await client.query(`set statement_timeout = ${statementTimeout * 1000}`)
    },
    // The statement's own limit needs a server that answers.
    query_timeout: statementTimeout * 1000 + 5000,
    application_name: 'probity',
    allowExitOnIdle: true,
  })
  let isLost = false
  // An idle connection that is lost is replaced when the next is needed.
  pool.on('error', (error) => {
    isLost = true
    log.debug({ error: error.message }, 'a connection to PostgreSQL was lost')
  })
  // From its first moment on, and before anybody can wait for it: the first answers may come together with the last word. Without
  // a listener that would end the process.
  pool.on('connect', (client) => {
    client.on('error', () => undefined)
  })
  let closing: Promise<void> | undefined
  return {
    ...statementsOf(pool),
    async transaction(work) {
      const client = await pool.connect()
      let broken: Error | undefined
      // A lost connection is an event as well as a failed statement.
      const onError = (error: Error): void => {
        broken = error
      }
      client.on('error', onError)
      try {
        await client.query('begin')
        const result = await work(statementsOf(client))
        await client.query('commit')
        return result
      } catch (error) {
        await client.query('rollback').catch((cause: unknown) => {
          broken = cause as Error
        })
        throw error
      } finally {
        client.off('error', onError)
        client.release(broken)
      }
    },
    isLost: () => isLost,
    close: () => (closing ??= pool.end()),
  }
}

function statementsOf(connection: pg.Pool | pg.PoolClient): Statements {
  return {
    async query<Row>(statement: string, parameters: readonly unknown[] = []) {
      const { rows } = await connection.query(statement, [...parameters])
      return rows as Row[]
    },
    async script(statements) {
      await connection.query(statements)
    },
  }
}
