import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rename, rm, symlink } from 'node:fs/promises'
import { createConnection, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { codeOf, ProbityError } from './errors.ts'

/** A folder that this process has for itself. */
export interface FolderLock {
  /** Safe to call twice. */
  readonly release: () => Promise<void>
}

const socketName = 'lock'

/**
 * Takes a folder for this process alone. The lock is a socket in the folder on which its holder listens, so that it ends with
 * the process, however that ends, and holds between containers that share the folder.
 *
 * @throws ProbityError `FOLDER_LOCKED` when another process has it.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  // The path of a socket may have a hundred characters at most: the folder is given a short name for the moment.
  const short = await mkdtemp(join(tmpdir(), 'probity-'))
  const link = join(short, 'f')
  try {
    await symlink(resolve(folder), link)
    const server = await take(folder, link)
    let released: Promise<void> | undefined
    return { release: () => (released ??= close(server, folder)) }
  } finally {
    await rm(short, { recursive: true })
  }
}

async function take(folder: string, link: string): Promise<Server> {
  const path = join(link, socketName)
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      return await listen(path)
    } catch (error) {
      if (codeOf(error) !== 'EADDRINUSE') throw error
    }
    if (await answers(path)) break
    // Left by a process that was killed. It is moved aside first: another that starts now may have put its own there.
    const aside = join(link, `${socketName}.${randomBytes(3).toString('hex')}`)
    await rename(path, aside).catch(ignoreMissing)
    if (await answers(aside)) {
      await rename(aside, path)
      break
    }
    await rm(aside, { force: true })
  }
  throw new ProbityError(
    'FOLDER_LOCKED',
    `${folder} is in use by another Probity process: stop that one, or give this one a folder of its own`,
  )
}

async function listen(path: string): Promise<Server> {
  const server = createServer((socket) => socket.destroy())
  server.listen(path)
  await once(server, 'listening')
  // A lock alone keeps no process alive.
  server.unref()
  return server
}

async function answers(path: string): Promise<boolean> {
  const socket = createConnection(path)
  try {
    await once(socket, 'connect')
    return true
  } catch (error) {
    if (codeOf(error) === 'ECONNREFUSED' || codeOf(error) === 'ENOENT') return false
    throw error
  } finally {
    socket.destroy()
  }
}

function ignoreMissing(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error
}

async function close(server: Server, folder: string): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  await closed
  // Node.js removes the socket by the short name, which is gone by now.
  await rm(join(folder, socketName), { force: true })
}
