import type { Sql } from '../sql.ts'

/** A database that takes no statements while memory is short: rows wait on the disk then, and pages do without the past. */
export function whenMemory<T extends Sql>(sql: T, isShort: () => boolean): T {
  const unlessShort = <R>(work: () => Promise<R>): Promise<R> =>
    isShort() ? Promise.reject(new Error('memory is short: the history waits until there is more')) : work()
  return {
    ...sql,
    query: (...statement: Parameters<Sql['query']>) => unlessShort(() => sql.query(...statement)),
    script: (statements: string) => unlessShort(() => sql.script(statements)),
    transaction: <R>(work: Parameters<typeof sql.transaction<R>>[0]) =>
      unlessShort(() => sql.transaction(work)),
  }
}
