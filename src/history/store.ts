import { access, constants, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../lib/clock.ts'
import { messageOf, ProbityError } from '../lib/errors.ts'
import { lockFolder } from '../lib/folder-lock.ts'
import type { Logger } from '../lib/logger.ts'
import { insertResults } from './insert.ts'
import { migrate } from './migrate.ts'
import { openSql } from './open.ts'
import type { HistoryRow } from './row.ts'
import { openSpill } from './spill.ts'
import type { Sql } from './sql.ts'
import { startUpkeep, type Retention } from './upkeep.ts'
import { startWriter, type WriterEvents, type WriterOptions } from './writer.ts'

export interface HistoryOptions {
  /** A PostgreSQL server; without it the database is built in, in the folder. */
  readonly databaseUrl?: string
  /** Of this process alone: for the built-in database, and for rows that wait while a server is away. */
  readonly folder: string
  readonly retention?: Retention
  readonly events: WriterEvents
  readonly clock: Clock
  readonly log: Logger
  readonly writer?: Pick<WriterOptions, 'batch' | 'collectMs' | 'retryMs' | 'maxQueue'>
  /** Milliseconds between two rounds of rollups. Default 10 s. */
  readonly upkeepMs?: number
}

/** What is kept of the past. */
export interface History {
  /** Stores a row in the background. Never waits, never throws. */
  readonly add: (row: HistoryRow) => void
  /** Rows that are not in the database yet. */
  readonly length: number
  /** For queries. Its statements fail while the database is away. */
  readonly sql: Sql
  /** Writes what waits, then closes. Safe to call twice. */
  readonly stop: () => Promise<void>
}

const dayMs = 86_400_000

/**
 * Opens the history. A server need not be there yet: rows wait on the disk until it is.
 *
 * @throws ProbityError `FOLDER_LOCKED` when another process has the folder, `STORAGE_UNWRITABLE`, `DATABASE_UNREADABLE` when the
 * built-in database cannot be opened.
 */
export async function openHistory(options: HistoryOptions): Promise<History> {
  const { databaseUrl, folder, events, clock, log, retention = {} } = options
  await makeFolder(folder)
  const { sql, close } = await open(databaseUrl, folder, log)
  let migrated: Promise<void> | undefined
  /** Tried until it has worked once. */
  const ready = (): Promise<void> =>
    (migrated ??= migrate(sql).catch((error: unknown) => {
      migrated = undefined
      throw error
    }))
  try {
    if (databaseUrl === undefined) await ready()
    const spill = await openSpill({ path: join(folder, 'waiting.jsonl') })
    const writer = startWriter({
      ...options.writer,
      spill,
      events,
      clock,
      log,
      isKept,
      async insert(rows) {
        await ready()
        await insertResults(sql, rows)
      },
    })
    const upkeep = startUpkeep({
      sql: { ...sql, query: (...statement) => ready().then(() => sql.query(...statement)) },
      clock,
      log,
      retention,
      ...(options.upkeepMs !== undefined && { everyMs: options.upkeepMs }),
    })
    let stopped: Promise<void> | undefined
    return {
      add: writer.add,
      get length() {
        return writer.length
      },
      sql,
      stop: () =>
        (stopped ??= (async () => {
          await upkeep.stop()
          await writer.stop()
          await close()
        })()),
    }
  } catch (error) {
    await close()
    throw error
  }

  /** The rollups of what is older can no longer be computed from the rows beside it, and a clock may be wrong. */
  function isKept({ checked_at: at }: HistoryRow): boolean {
    const age = clock.now() - Date.parse(at)
    return age < (retention.rawDays ?? 30) * dayMs && age > -dayMs
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await access(folder, constants.W_OK)
  } catch (cause) {
    throw new ProbityError(
      'STORAGE_UNWRITABLE',
      `cannot keep the history in ${folder}: ${messageOf(cause)}: choose a folder with --storage.path`,
      { cause },
    )
  }
}

/** Rows that wait for a server wait in the folder: it is locked too. */
async function open(
  databaseUrl: string | undefined,
  folder: string,
  log: Logger,
): Promise<{ sql: Sql; close: () => Promise<void> }> {
  const lock = databaseUrl === undefined ? undefined : await lockFolder(folder)
  const sql = await openSql({ ...(databaseUrl !== undefined && { databaseUrl }), folder, log })
  return { sql, close: () => sql.close().finally(() => lock?.release()) }
}
