import { open, stat, type FileHandle } from 'node:fs/promises'
import { codeOf, messageOf, ProbityError } from '../../../lib/errors.ts'
import { headerSize, isSqlite, pageSizeOf, pagesOf, withoutWal } from './header.ts'
import { changesOf } from './wal.ts'

/** Bytes of a file that is read: it is held in memory twice. */
const maxBytes = 1024 ** 3

/** How often a file is read again that changed meanwhile. */
const attempts = 5

const inUse = 'is in use: stop the program that writes to it, or make a copy with sqlite3 FILE ".backup COPY"'

/**
 * Reads a database into memory, with what its write-ahead log (`FILE-wal`) adds. Nothing is written, and no lock is taken: what
 * changes while it is read is read again.
 *
 * @throws ProbityError `IMPORT_INVALID` where there is no whole database.
 */
export async function readImage(path: string): Promise<Buffer> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const before = await stamp(path)
    const [database, log, journal] = [
      await readWhole(path),
      await readWhole(`${path}-wal`),
      await readWhole(`${path}-journal`),
    ]
    if (database === undefined) throw invalid(path, 'cannot be read: there is no such file')
    if ((await stamp(path)) === before) return imageOf(path, { database, log, journal })
  }
  throw invalid(path, inUse)
}

function invalid(path: string, message: string): ProbityError {
  return new ProbityError('IMPORT_INVALID', `${path} ${message}`)
}

/** What is different once somebody has written. */
async function stamp(path: string): Promise<string> {
  const stats = await Promise.all(
    ['', '-wal', '-journal'].map((suffix) => stat(path + suffix, { bigint: true }).catch(() => undefined)),
  )
  return stats.map((one) => `${one?.ino} ${one?.size} ${one?.mtimeNs}`).join()
}

async function readWhole(path: string): Promise<Buffer | undefined> {
  let handle: FileHandle | undefined
  try {
    handle = await open(path, 'r')
    const stats = await handle.stat()
    if (!stats.isFile()) throw invalid(path, 'is not a file')
    if (stats.size > maxBytes)
      throw invalid(
        path,
        `is ${(stats.size / maxBytes).toFixed(1)} GiB large: at most 1 GiB is read, so make a copy without its history`,
      )
    return await handle.readFile()
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined
    if (cause instanceof ProbityError) throw cause
    throw new ProbityError('IMPORT_INVALID', `${path} cannot be read: ${messageOf(cause)}`, { cause })
  } finally {
    await handle?.close()
  }
}

interface Files {
  readonly database: Buffer
  readonly log: Buffer | undefined
  readonly journal: Buffer | undefined
}

function imageOf(path: string, { database, log, journal }: Files): Buffer {
  if (!isSqlite(database)) throw invalid(path, 'is not a SQLite database')
  const truncated = invalid(
    path,
    'is not whole: some of the database is missing at its end, so copy it again',
  )
  if (database.length < headerSize) throw truncated
  const pageSize = pageSizeOf(database)
  if (pageSize === undefined) throw invalid(path, 'is damaged: its header does not say how large a page is')
  // A journal that begins with anything but zeros would undo what is in the database.
  if (journal?.subarray(0, 8).some((byte) => byte !== 0)) throw invalid(path, inUse)
  const changes = log && changesOf(log, pageSize)
  const pages = changes?.count ?? pagesOf(database) ?? Math.ceil(database.length / pageSize)
  const known = Math.floor(database.length / pageSize)
  if (pages * pageSize > 2 * maxBytes) throw truncated
  for (let page = known + 1; page <= pages; page++) if (!changes?.pages.has(page)) throw truncated
  const image = Buffer.alloc(pages * pageSize)
  database.copy(image)
  for (const [page, at] of changes?.pages ?? [])
    if (log && page <= pages) log.copy(image, (page - 1) * pageSize, at, at + pageSize)
  withoutWal(image)
  return image
}
