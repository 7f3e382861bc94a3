/** A database that speaks PostgreSQL: a server, or the one that is built in. */
export interface Sql {
  /**
   * Runs one statement.
   *
   * @param parameters The values of `$1`, `$2`, ...
   * @throws Whatever the database said; `isUnavailable` tells whether trying again makes sense.
   */
  readonly query: <Row>(statement: string, parameters?: readonly unknown[]) => Promise<Row[]>
  /** Runs several statements, without parameters. */
  readonly script: (statements: string) => Promise<void>
  /** Runs the work in one transaction, which is taken back where it throws. */
  readonly transaction: <T>(work: (sql: Statements) => Promise<T>) => Promise<T>
  /** Whether a connection was lost: another server may answer the next one. Default: none was. */
  readonly isLost?: () => boolean
  /** Safe to call twice. */
  readonly close: () => Promise<void>
}

/** What can be done within a transaction. */
export type Statements = Pick<Sql, 'query' | 'script'>
