import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { lstat, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { createConnection, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { codeOf, ProbityError } from '../errors.ts'

/** A folder that this process has for itself. */
export interface FolderLock {
  /** Safe to call twice. */
  readonly release: () => Promise<void>
}

const prefix = 'lock.'
/** What a socket says to clients that connect, while its process does not have the folder yet. Silence is the holder's. */
const asking = '?'
/** Milliseconds after which a process that does not answer, because it is busy or stopped, counts as the holder. */
const silenceMs = 2000
/** Milliseconds between two looks at somebody who asks too. */
const lookMs = 10
/** Milliseconds: a socket that is younger may be one that does not listen yet. */
const staleMs = 10_000

/**
 * Takes a folder for this process alone. The lock is a socket in the folder on which its holder listens, so that it ends with
 * the process, however that ends, and holds between containers that share the folder.
 *
 * A process that wants the folder first listens on its own socket and then looks at the others: of two, one sees the other.
 * Where both only ask, the name that sorts first goes before.
 *
 * @throws ProbityError `FOLDER_LOCKED` when another process has it.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  // The path of a socket may have a hundred characters at most: the folder is given a short name for the moment.
  const short = await mkdtemp(join(tmpdir(), 'probity-'))
  const link = join(short, 'f')
  try {
    await symlink(resolve(folder), link)
    return await take(folder, link)
  } finally {
    await rm(short, { recursive: true })
  }
}

async function take(folder: string, link: string): Promise<FolderLock> {
  const own = `${prefix}${randomBytes(6).toString('hex')}`
  let held = false
  const server = await listen(join(link, own), () => (held ? '' : asking))
  let released: Promise<void> | undefined
  const release = (): Promise<void> => (released ??= close(server, join(folder, own)))
  try {
    if (!(await isFirst(link, own))) {
      throw new ProbityError(
        'FOLDER_LOCKED',
        `${folder} is in use by another Probity process: stop it, or give this one its own folder`,
      )
    }
    held = true
    return { release }
  } catch (error) {
    await release()
    throw error
  }
}

/** Whether nobody has the folder, and no other process that asks takes precedence. */
async function isFirst(link: string, own: string): Promise<boolean> {
  const names = (await readdir(link)).filter((name) => name.startsWith(prefix))
  for (const name of names) {
    if (name === own) continue
    const path = join(link, name)
    let state = await stateOf(path)
    // It may have looked before this one was there, and would not know of it.
    while (state === 'asking' && own < name) {
      await pause(lookMs)
      state = await stateOf(path)
    }
    if (state !== 'gone') return false
    await forget(path)
  }
  return true
}

async function stateOf(path: string): Promise<'gone' | 'asking' | 'held'> {
  const socket = createConnection(path)
  socket.setEncoding('utf8')
  const timer = setTimeout(() => socket.destroy(), silenceMs)
  let said = ''
  socket.on('data', (text: string) => (said += text))
  try {
    await once(socket, 'close')
    return said === asking ? 'asking' : 'held'
  } catch (error) {
    if (codeOf(error) === 'ECONNREFUSED' || codeOf(error) === 'ENOENT') return 'gone'
    // One that goes away while it is asked has not decided.
    if (codeOf(error) === 'ECONNRESET' || codeOf(error) === 'EPIPE') return 'asking'
    throw error
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
}

/** Takes away what a process that was killed has left. */
async function forget(path: string): Promise<void> {
  try {
    const { mtimeMs } = await lstat(path)
    if (Date.now() - mtimeMs > staleMs) await rm(path, { force: true })
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

async function listen(path: string, says: () => string): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.end(says())
    socket.resume()
  })
  server.listen(path)
  await once(server, 'listening')
  // A lock alone keeps no process alive.
  server.unref()
  return server
}

async function close(server: Server, path: string): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  await closed
  // Node.js removes the socket by the short name, which is gone by now.
  // A socket on which nobody listens is not a lock.
  await rm(path, { force: true }).catch(() => undefined)
}
