import type { Begin } from './begin.ts'
import { beginMysql } from './mysql/session.ts'
import { beginPostgres } from './postgres.ts'
import type { SqlCheck } from './schema.ts'

/** By the protocol that the server speaks. */
export const sessions: Readonly<Record<SqlCheck['system'], Begin>> = {
  postgres: beginPostgres,
  mysql: beginMysql,
}
