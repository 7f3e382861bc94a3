import { access, constants, mkdir } from 'node:fs/promises'
import type { Clock } from '../lib/time/clock.ts'
import { messageOf, ProbityError } from '../lib/errors.ts'
import { lockFolder } from '../lib/io/folder-lock.ts'
import type { KeptFile } from '../lib/io/keeping.ts'
import type { Logger } from '../lib/logger.ts'
import { mayBeAnotherServer } from './connection/another-server.ts'
import { insertRows } from './write/insert.ts'
import { lateSql } from './connection/late.ts'
import { migrate } from './migrate.ts'
import { openWaiting } from './open.ts'
import type { Pending } from './pending.ts'
import type { HistoryRow } from './row.ts'
import { whenMemory } from './connection/when-memory.ts'
import type { Spill } from './write/spill.ts'
import type { Sql } from './sql.ts'
import { startUpkeep, type Retention, type Upkeep } from './upkeep.ts'
import { startWriter, type WriterEvents, type WriterOptions } from './write/writer.ts'

export interface HistoryOptions {
  /** A PostgreSQL server; without it the database is built in, in the folder. */
  readonly databaseUrl?: string
  /** Of this process alone: for the built-in database, and for rows that wait while a server is away. */
  readonly folder: string
  readonly retention?: Retention
  readonly events: WriterEvents
  /** Notified when the rows that waited for the database are damaged. Default: nobody is. */
  readonly waitingReport?: KeptFile
  /** Asked before each statement: while it is, there are none. Default: it never is. */
  readonly isMemoryShort?: () => boolean
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
  /** What was not added up when the database was last asked. */
  readonly pending: () => Pending | undefined
  /** Whether the database is open; a server that was there once may still be unavailable. */
  readonly isOpen: () => boolean
  /** For queries. They wait until the database is open, and fail where it cannot be opened or is away. */
  readonly sql: Sql
  /** Writes what waits, then closes. Safe to call twice. */
  readonly stop: () => Promise<void>
}

const dayMs = 86_400_000

/** Milliseconds after which a built-in database that could not be opened is tried again: that costs seconds. */
const embeddedPauseMs = 30_000

/**
 * Opens the history. The database opens in the background, for which the built-in one takes seconds at its first start, and a
 * server need not be there yet: rows wait in memory and on the disk until it is.
 *
 * @throws ProbityError `FOLDER_LOCKED` when another process has the folder, `STORAGE_UNWRITABLE`.
 */
export async function openHistory(options: HistoryOptions): Promise<History> {
  const { databaseUrl, folder, events, clock, log, retention = {} } = options
  await makeFolder(folder)
  // Also where there is a server: rows that wait for it wait in the folder.
  const lock = await lockFolder(folder)
  let spill: Spill
  try {
    spill = await openWaiting(folder, options.waitingReport)
  } catch (error) {
    await lock.release()
    throw error
  }
  const late = lateSql({
    open: async (signal) => ready(await openDatabase({ databaseUrl, folder, log, signal })),
    clock,
    ...(databaseUrl === undefined ? { pauseMs: embeddedPauseMs } : { mayBeAnother: mayBeAnotherServer }),
  })
  const sql = whenMemory(late, options.isMemoryShort ?? (() => false))
  const writer = startWriter({
    ...options.writer,
    spill,
    events,
    clock,
    log,
    isKept,
    insert: (rows) => insertRows(sql, rows),
  })
  const upkeep: Upkeep = startUpkeep({
    sql,
    isOpen: sql.isOpen,
    clock,
    log,
    retention,
    ...(options.upkeepMs !== undefined && { everyMs: options.upkeepMs }),
  })
  // Why it cannot be opened is said by the writer, when rows must wait for that.
  sql.open().then(upkeep.measure, () => undefined)
  let stopped: Promise<void> | undefined

  async function finish(): Promise<void> {
    // What waits for a database that is not open yet stays on the disk.
    if (!sql.isOpen()) await sql.close()
    await upkeep.stop()
    await writer.stop()
    try {
      await sql.close()
    } finally {
      await lock.release()
    }
  }

  return {
    add: writer.add,
    get length() {
      return writer.length
    },
    pending: upkeep.pending,
    isOpen: sql.isOpen,
    sql,
    stop: () => (stopped ??= finish()),
  }

  /** The rollups of what is older can no longer be computed from the rows next to it, and a clock may be wrong. */
  function isKept({ checked_at: at }: HistoryRow): boolean {
    const age = clock.now() - Date.parse(at)
    return age < (retention.rawDays ?? 30) * dayMs && age > -dayMs
  }
}

/** The drivers are loaded when they are needed: they are large. */
async function openDatabase({
  databaseUrl,
  folder,
  log,
  signal,
}: Pick<HistoryOptions, 'folder' | 'log'> & {
  databaseUrl: string | undefined
  signal: AbortSignal
}): Promise<Sql> {
  if (databaseUrl !== undefined)
    return (await import('./postgres.ts')).openPostgres({ url: databaseUrl, log })
  return (await import('./embedded/embedded.ts')).openWithLock(folder, signal)
}

/** With the schema that this version needs. */
async function ready(sql: Sql): Promise<Sql> {
  try {
    await migrate(sql)
    return sql
  } catch (error) {
    await sql.close()
    throw error
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
