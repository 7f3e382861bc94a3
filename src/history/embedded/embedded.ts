import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { messageOf, ProbityError } from '../../lib/errors.ts'
import { lockFolder } from '../../lib/io/folder-lock.ts'
import { startThread } from './thread.ts'
import type { Sql } from '../sql.ts'

/** Seconds on a machine that has nothing else to do. */
const createTimeoutMs = 120_000

/**
 * The PostgreSQL that is built in, with its files in a folder. One process at a time: two would lose each other's rows.
 *
 * @throws ProbityError `FOLDER_LOCKED` when another process has the folder open, `DATABASE_UNREADABLE` when its files cannot
 * be used.
 */
export async function openEmbedded(folder: string): Promise<Sql> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const lock = await lockFolder(folder)
  try {
    const sql = await openWithLock(folder)
    const close = async (): Promise<void> => {
      try {
        await sql.close()
      } finally {
        await lock.release()
      }
    }
    return { ...sql, close }
  } catch (error) {
    await lock.release()
    throw error
  }
}

/**
 * The same for a caller that has already locked the folder. It takes seconds where the files must be made first.
 *
 * @param signal Gives up opening.
 * @throws ProbityError `DATABASE_UNREADABLE`.
 */
export async function openWithLock(folder: string, signal?: AbortSignal): Promise<Sql> {
  try {
    const data = join(folder, 'pgdata')
    await removeDrafts(data)
    if (!existsSync(data)) await create(data, signal)
    // Without this file PGlite would make a new database instead of the old one.
    if (!existsSync(join(data, 'PG_VERSION')))
      throw new Error('pgdata does not contain a database: restore it, or move it away to start a new one')
    return await startThread(data, signal)
  } catch (cause) {
    throw new ProbityError(
      'DATABASE_UNREADABLE',
      `cannot open the database in ${folder}: ${reasonFor(cause)}`,
      { cause },
    )
  }
}

/** PostgreSQL in WebAssembly says nothing of damaged files: it stops. */
function reasonFor(cause: unknown): string {
  const words = messageOf(cause)
  if (!/^Aborted\(|failed to initialize|unreachable|out of bounds/.test(words)) return words
  return 'its files are damaged: restore pgdata from a backup, or move it away to start with an empty history'
}

/** What a first start does takes half a gigabyte that a process does not give back: another does it, and ends. */
async function create(data: string, signal?: AbortSignal): Promise<void> {
  // Its own name: a process that was killed may have left one behind that still works on another.
  const draft = `${data}.${randomBytes(4).toString('hex')}.new`
  const library = createRequire(import.meta.url).resolve('@electric-sql/pglite')
  const program = `
    const { PGlite } = require(process.argv[1])
    PGlite.create(process.argv[2]).then((database) => database.close())`
  await promisify(execFile)(process.execPath, ['-e', program, library, draft], {
    timeout: createTimeoutMs,
    ...(signal && { signal }),
  })
  await rename(draft, data)
}

async function removeDrafts(data: string): Promise<void> {
  const names = (await readdir(dirname(data))).filter((name) => name.endsWith('.new'))
  // What is still being written does no harm, and goes the next time.
  for (const name of names)
    await rm(join(dirname(data), name), { recursive: true, force: true }).catch(() => undefined)
}
