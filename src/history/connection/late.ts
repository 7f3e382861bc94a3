import type { Clock } from '../../lib/time/clock.ts'
import { codeOf, messageOf, ProbityError } from '../../lib/errors.ts'
import type { Sql } from '../sql.ts'

/** A database that may not be there yet. Its statements wait until it is, or throw why it cannot be opened. */
export interface LateSql extends Sql {
  /** Whether it is open. */
  readonly isOpen: () => boolean
  /** Opens it without waiting to be asked. */
  readonly open: () => Promise<unknown>
}

export interface LateSqlOptions {
  /** @param signal Aborts when the database is closed before it was open. */
  readonly open: (signal: AbortSignal) => Promise<Sql>
  readonly clock: Pick<Clock, 'monotonic'>
  /** Milliseconds after an attempt that failed in which there is no other. Default 0. */
  readonly pauseMs?: number
  /** Whether, after an error, another database may answer next, which has to be opened first. Default: none may. */
  readonly mayBeAnother?: (error: unknown) => boolean
}

/**
 * A database that is opened in the background, and again where that has failed, its thread has ended, or another may be in its
 * place.
 */
export function lateSql({ open, clock, pauseMs = 0, mayBeAnother = () => false }: LateSqlOptions): LateSql {
  const closing = new AbortController()
  let opening: Promise<Sql> | undefined
  let current: Sql | undefined
  let isOpen = false
  let retryAt = -Infinity
  let failed = new Error('not tried yet')

  function opened(): Promise<Sql> {
    if (closing.signal.aborted)
      return Promise.reject(new ProbityError('DATABASE_CLOSED', 'the database is closed'))
    if (current?.isLost?.() === true) leave()
    if (!opening && clock.monotonic() < retryAt) return Promise.reject(failed)
    return (opening ??= attempt())
  }

  /** Opens the next one when it is needed. What is under way on this one ends. */
  function leave(): void {
    const left = current
    opening = undefined
    current = undefined
    void left?.close().catch(() => undefined)
  }

  async function attempt(): Promise<Sql> {
    try {
      const sql = await open(closing.signal)
      isOpen = true
      current = sql
      return sql
    } catch (error) {
      failed = error instanceof Error ? error : new Error(messageOf(error))
      retryAt = clock.monotonic() + pauseMs
      opening = undefined
      throw error
    }
  }

  async function ask<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const asked = opened()
    const sql = await asked
    try {
      return await work(sql)
    } catch (error) {
      const isGone = codeOf(error) === 'DATABASE_GONE'
      if (opening === asked && (isGone || mayBeAnother(error))) {
        if (isGone) isOpen = false
        leave()
      }
      throw error
    }
  }

  let closed: Promise<void> | undefined
  return {
    query: (...statement) => ask((sql) => sql.query(...statement)),
    script: (statements) => ask((sql) => sql.script(statements)),
    transaction: (work) => ask((sql) => sql.transaction(work)),
    isOpen: () => isOpen,
    open: () => ask(() => Promise.resolve()),
    close: () =>
      (closed ??= (async () => {
        const last = opening
        closing.abort()
        const sql = await last?.catch(() => undefined)
        await sql?.close()
      })()),
  }
}
