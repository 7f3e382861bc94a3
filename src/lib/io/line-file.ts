import { constants, open, stat, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf } from '../errors.ts'
import { ProbityError } from '../errors.ts'
import { isDiskTrouble } from '../time/patience.ts'
import { createDataFolder } from './data-folder.ts'

/** A text file that grows by whole lines, each on the disk before its `append` resolves. */
export interface LineFile {
  /**
   * Appends one line. Lines that arrive while others are being written share one write and one fsync.
   *
   * @param line Without its line end.
   * @throws Whatever the file system said (`ENOSPC`, `EACCES`); nothing of the line is then left in the file.
   */
  append: (line: string) => Promise<void>
  /** Creates the file again if it was moved away. Writing does so by itself. */
  reopen: () => Promise<void>
  /** Finishes what is being written, then closes. */
  close: () => Promise<void>
}

interface Waiting {
  readonly line: string
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

const lineEnd = 0x0a

export interface LineFileOptions {
  /**
   * Default: the file and its folder are created where they are missing, and created again after they were moved away, and
   * where the disk is full at first, the file is opened with the first line. False: none of it, so that what was in the file
   * cannot be lost unnoticed.
   */
  readonly create?: boolean
}

/**
 * Opens a file for appending lines. It may be moved away or truncated at any time (logrotate). There must be one writer only.
 *
 * @throws Whatever the file system said.
 */
export async function openLineFile(path: string, { create = true }: LineFileOptions = {}): Promise<LineFile> {
  let file: FileHandle | undefined = await openFile(path, create).catch((error: unknown) => {
    if (create && isDiskTrouble(error)) return undefined
    throw error
  })
  let waiting: Waiting[] = []
  let work = Promise.resolve()

  async function current(): Promise<FileHandle> {
    if (file && (await isStillAt(path, file))) return file
    if (!create) throw new ProbityError('FILE_MOVED', `${path} is no longer where it was`)
    await release()
    file = await openFile(path, create)
    return file
  }

  async function release(): Promise<void> {
    const closing = file
    file = undefined
    await closing?.close()
  }

  async function writeWaiting(): Promise<void> {
    const batch = waiting
    waiting = []
    if (batch.length === 0) return
    try {
      await write(batch.map(({ line }) => `${line}\n`).join(''))
    } catch (error) {
      for (const { reject } of batch) reject(error)
      return
    }
    for (const { resolve } of batch) resolve()
  }

  async function write(text: string): Promise<void> {
    const target = await current()
    const { size } = await target.stat()
    try {
      await target.appendFile((await endsInLine(target, size)) ? text : `\n${text}`)
      await target.sync()
    } catch (error) {
      // The lines are refused, so they will come again: what did get in must go. The handle goes too, because an fsync
      // that failed may succeed the next time without having written anything.
      await cutTo(target, size).catch(() => undefined)
      await release().catch(() => undefined)
      throw error
    }
  }

  const enqueue = (step: () => Promise<void>): Promise<void> => {
    const done = work.then(step)
    work = done.catch(() => undefined)
    return done
  }

  return {
    append: (line) =>
      new Promise((resolve, reject) => {
        waiting.push({ line, resolve, reject })
        void enqueue(writeWaiting)
      }),
    reopen: () =>
      enqueue(async () => {
        await current()
      }),
    close: () => enqueue(release),
  }
}

/** Opens it, and makes its name and what an earlier process left in it durable. */
async function openFile(path: string, create: boolean): Promise<FileHandle> {
  if (create) await createDataFolder(dirname(path))
  const file = await open(path, create ? 'a+' : constants.O_APPEND | constants.O_RDWR, 0o640)
  try {
    if ((await file.stat()).size > 0) await file.sync()
    const folder = await open(dirname(path), 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  } catch (error) {
    await file.close()
    throw error
  }
  return file
}

async function isStillAt(path: string, file: FileHandle): Promise<boolean> {
  const opened = await file.stat()
  try {
    const named = await stat(path)
    return named.ino === opened.ino && named.dev === opened.dev
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}

/** A crash may have cut the last line: what follows must not become part of it. */
async function endsInLine(file: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return true
  const { bytesRead, buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
  return bytesRead === 0 || buffer[0] === lineEnd
}

async function cutTo(file: FileHandle, size: number): Promise<void> {
  if ((await file.stat()).size > size) await file.truncate(size)
}
