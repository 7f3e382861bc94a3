import { createReadStream } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { codeOf } from '../../lib/errors.ts'
import { openLineFile, type LineFile } from '../../lib/io/line-file.ts'
import type { HistoryRow } from '../row.ts'

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
}

/**
 * Opens the file of an earlier process, or a new one.
 *
 * @throws Whatever the file system said.
 */
export async function openSpill({ path, maxBytes = 2 ** 28, batch = 1000 }: SpillOptions): Promise<Spill> {
  await mkdir(dirname(path), { recursive: true })
  let file: LineFile | undefined
  let bytes = await sizeOf(path)
  let length = 0
  /** Rows at the beginning of the file that have been taken. */
  let taken = 0
  if (bytes > 0) for await (const rows of batches(path, batch)) length += rows.length

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

async function* batches(path: string, size: number): AsyncGenerator<HistoryRow[]> {
  if ((await sizeOf(path)) === 0) return
  const input = createReadStream(path)
  let rows: HistoryRow[] = []
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      const row = parseRow(line)
      if (row) rows.push(row)
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

/** The last line may have been cut by a crash; it was not acknowledged then. */
function parseRow(line: string): HistoryRow | undefined {
  try {
    return JSON.parse(line) as HistoryRow
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
