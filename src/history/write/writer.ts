import type { Clock } from '../../lib/time/clock.ts'
import { messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import { insertInHalves } from './in-halves.ts'
import type { HistoryRow } from '../row.ts'
import type { Spill } from './spill.ts'

export interface WriterOptions {
  /**
   * Stores rows, all or none; they are durable when it resolves, and storing one twice is the same as once.
   *
   * @throws Anything: a refusal of the rows is not tried again, everything else is.
   */
  readonly insert: (rows: readonly HistoryRow[]) => Promise<void>
  /** Whether a row is still worth storing; asked when it is its turn. Default: always. */
  readonly isKept?: (row: HistoryRow) => boolean
  /** Where rows wait while `insert` fails. Without it they wait in the queue alone. */
  readonly spill: Spill | undefined
  readonly events: WriterEvents
  readonly log: Logger
  readonly clock: Clock
  /** Rows that wait in memory at most. Default 50,000. */
  readonly maxQueue?: number
  /** Rows per insert. Default 1000. */
  readonly batch?: number
  /** Milliseconds for which rows are collected before they are written. Default 1000. */
  readonly collectMs?: number
  /** Milliseconds between attempts while the database is away; doubles from the first to the last. Default 1 s to 30 s. */
  readonly retryMs?: readonly [first: number, last: number]
}

export interface WriterEvents {
  /** Rows that are in the database, which will not lose them. */
  readonly written: (rows: readonly HistoryRow[]) => void
  /** Rows that are lost: there was no room for them, or the database refuses them. */
  readonly dropped: (count: number) => void
}

export interface Writer {
  /** Takes a row. Never waits, never throws. */
  readonly add: (row: HistoryRow) => void
  /** Rows that wait, in memory and on the disk. */
  readonly length: number
  /** Writes what waits, to the disk where the database is away, then stops. Safe to call twice. */
  readonly stop: () => Promise<void>
}

/** Writes rows in batches, in the order in which they came, whatever the database does meanwhile. */
export function startWriter(options: WriterOptions): Writer {
  const { insert, isKept = () => true, spill, events, log, clock } = options
  const { maxQueue = 50_000, batch = 1000, collectMs = 1000, retryMs = [1000, 30_000] } = options
  let queue: HistoryRow[] = []
  let working: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let urgent = false
  /** 0 while the database is there. */
  let retryDelay = 0
  let retryAt = -Infinity
  let diskTakes = spill !== undefined
  let stopped: Promise<void> | undefined

  function drop(count: number, why: string): void {
    if (count === 0) return
    events.dropped(count)
    log.error({ rows: count }, `history: rows dropped: ${why}`)
  }

  function schedule(): void {
    if (stopped || working) return
    const wait = retryAt - clock.monotonic()
    const now = queue.length >= batch && (wait <= 0 || diskTakes)
    if (timer && (urgent || !now)) return
    clearTimeout(timer)
    urgent = now
    timer = setTimeout(
      () => {
        timer = undefined
        void work()
      },
      now ? 0 : Math.max(collectMs, wait),
    )
    timer.unref()
  }

  function work(): Promise<void> {
    working ??= flush()
      .catch((error: unknown) => {
        log.error(`history: ${messageOf(error)}`)
      })
      .finally(() => {
        working = undefined
        if (queue.length > 0 || (spill?.length ?? 0) > 0) schedule()
      })
    return working
  }

  async function flush(): Promise<void> {
    if (clock.monotonic() < retryAt && !stopped) {
      await putAside()
      return
    }
    try {
      if (spill && spill.length > 0) await spill.replay(storeKept)
      while (queue.length > 0) {
        const rows = queue.slice(0, batch)
        await storeKept(rows)
        queue = queue.slice(rows.length)
      }
      if (retryDelay > 0) log.info('history: the database is available again')
      retryDelay = 0
    } catch (error) {
      // One that ends while its database is still being made has lost nothing: the rows wait for the next start.
      if (retryDelay === 0 && !stopped)
        log.warn({ error: messageOf(error) }, 'history: the database is unavailable, rows wait on the disk')
      retryDelay = Math.min(retryMs[1], retryDelay === 0 ? retryMs[0] : retryDelay * 2)
      retryAt = clock.monotonic() + retryDelay
      diskTakes = spill !== undefined
      await putAside()
    }
  }

  async function storeKept(rows: readonly HistoryRow[]): Promise<void> {
    const kept = rows.filter(isKept)
    if (kept.length > 0)
      await insertInHalves(kept, {
        insert,
        stored: events.written,
        refused({ target }, error) {
          drop(1, `the database refuses a row of ${target}: ${messageOf(error)}`)
        },
      })
    drop(rows.length - kept.length, 'older than the retention, or in the future')
  }

  /** What waits now, and not what comes meanwhile: where that is faster than the disk, the database would never be tried again. */
  async function putAside(): Promise<void> {
    if (!spill) return
    for (let left = queue.length; left > 0; left -= batch) {
      const rows = queue.slice(0, Math.min(batch, left))
      let taken: number
      try {
        taken = await spill.append(rows)
      } catch (error) {
        log.error(`history: cannot write to the disk, rows wait in memory: ${messageOf(error)}`)
        diskTakes = false
        return
      }
      queue = queue.slice(rows.length)
      drop(rows.length - taken, 'too many rows wait on the disk')
    }
  }

  async function finish(): Promise<void> {
    clearTimeout(timer)
    await working
    await work()
    drop(queue.length, 'the database is unavailable and the disk takes no rows')
    await spill?.close()
  }

  if ((spill?.length ?? 0) > 0) schedule()
  return {
    add(row) {
      if (stopped || queue.length >= maxQueue) {
        drop(1, stopped ? 'the writer is stopped' : 'too many rows wait in memory')
        return
      }
      queue.push(row)
      schedule()
    },
    get length() {
      return queue.length + (spill?.length ?? 0)
    },
    stop: () => (stopped ??= finish()),
  }
}
