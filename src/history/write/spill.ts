import { createReadStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { codeOf } from '../../lib/errors.ts'
import { unwatched, type KeptFile } from '../../lib/io/keeping.ts'
import { openLineFile, type LineFile } from '../../lib/io/line-file.ts'
import { setAside } from '../../lib/io/set-aside.ts'
import type { HistoryRow } from '../row.ts'
import { createDataFolder } from '../../lib/io/data-folder.ts'

/** Rows that wait on the disk while the database is away. */
export interface Spill {
  /** How many rows wait. */
  readonly length: number
  /**
   * Adds rows at the end; they are on the disk when it resolves.
   *
   * @returns How many were taken: the rest would have exceeded the size.
   */
  readonly append: (rows: readonly HistoryRow[]) => Promise<number>
  /**
   * Hands over what waits, in the order in which it came, and forgets it when all of it has been taken. Where `take` throws,
   * the rest stays; what was taken before may be handed over again after a crash.
   */
  readonly replay: (take: (rows: HistoryRow[]) => Promise<void>) => Promise<void>
  readonly close: () => Promise<void>
}

export interface SpillOptions {
  readonly path: string
  /** Default 256 MiB, about a million rows. */
  readonly maxBytes?: number
  /** Rows that are handed over at a time. Default 1000. */
  readonly batch?: number
  /** Notified when the file is damaged. */
  readonly report?: KeptFile
}

/**
 * Opens the file of an earlier process, or a new one. A file that is damaged is kept under another name, and what can be read of it
 * waits.
 *
 * @throws Whatever the file system said.
 */
export async function openSpill(options: SpillOptions): Promise<Spill> {
  const { path, maxBytes = 2 ** 28, batch = 1000, report = unwatched } = options
  await createDataFolder(dirname(path))
  let file: LineFile | undefined
  let bytes = await sizeOf(path)
  let length = 0
  /** Rows at the beginning of the file that have been taken. */
  let taken = 0
  if (bytes > 0) {
    const tally = { unreadable: 0, lastIsTorn: false }
    for await (const rows of batches(path, batch, tally)) length += rows.length
    // A crash may have torn the last line; it was not acknowledged then.
    const damaged = tally.unreadable - (tally.lastIsTorn ? 1 : 0)
    if (damaged > 0)
      report.setAside(
        await setAside(path, new Date()),
        `is damaged (lines that cannot be read: ${tally.unreadable})`,
      )
  }

  async function forget(): Promise<void> {
    await file?.close()
    file = undefined
    await rm(path, { force: true })
    bytes = 0
    taken = 0
  }

  return {
    get length() {
      return length
    },
    async append(rows) {
      const lines: string[] = []
      let size = bytes
      for (const line of rows.map((row) => JSON.stringify(row))) {
        size += Buffer.byteLength(line) + 1
        if (size > maxBytes) break
        lines.push(line)
      }
      if (lines.length === 0) return 0
      file ??= await openLineFile(path)
      await file.append(lines.join('\n'))
      bytes = await sizeOf(path)
      length += lines.length
      return lines.length
    },
    async replay(take) {
      let skip = taken
      for await (const rows of batches(path, batch)) {
        const fresh = rows.slice(Math.min(skip, rows.length))
        skip -= rows.length - fresh.length
        if (fresh.length === 0) continue
        await take(fresh)
        taken += fresh.length
        length -= fresh.length
      }
      if (bytes > 0) await forget()
    },
    async close() {
      await file?.close()
      file = undefined
    },
  }
}

/** What is not a row in a file. */
interface Tally {
  unreadable: number
  lastIsTorn: boolean
}

async function* batches(path: string, size: number, tally?: Tally): AsyncGenerator<HistoryRow[]> {
  if ((await sizeOf(path)) === 0) return
  const input = createReadStream(path)
  let rows: HistoryRow[] = []
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      const row = parseRow(line)
      if (row) rows.push(row)
      if (tally) {
        tally.lastIsTorn = row === undefined
        if (!row) tally.unreadable += 1
      }
      if (rows.length === size) {
        yield rows
        rows = []
      }
    }
  } finally {
    input.destroy()
  }
  if (rows.length > 0) yield rows
}

function parseRow(line: string): HistoryRow | undefined {
  try {
    const row = JSON.parse(line) as Partial<HistoryRow> | null
    return typeof row?.target === 'string' && typeof row.checked_at === 'string'
      ? (row as HistoryRow)
      : undefined
  } catch {
    return undefined
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0
    throw error
  }
}
