import { describe, expect, it } from 'vitest'
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { lutimesSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { codeOf } from '../../../src/lib/errors.ts'
import { lockFolder, type FolderLock } from '../../../src/lib/io/folder-lock.ts'
import { tempFolder } from '../../support/temp-folder.ts'

/** A process that has the lock. */
async function startHolder(folder: string): Promise<ChildProcessByStdio<null, Readable, null>> {
  const program = `require('node:net').createServer().listen('lock.000000000000', () => console.log('ready'))`
  const child = spawn(process.execPath, ['-e', program], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return child
}

/** One that was killed: its socket is still there, and nothing is listening on it. */
async function leaveSocket(folder: string): Promise<void> {
  const child = await startHolder(folder)
  child.kill('SIGKILL')
  await once(child, 'exit')
}

/** The one lock that so many get who ask at once. */
async function onlyLock(folder: string, count: number): Promise<FolderLock> {
  const results = await Promise.allSettled(Array.from({ length: count }, () => lockFolder(folder)))
  const locks = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  expect(locks).toHaveLength(1)
  return locks[0]!
}

function ignoreLocked(error: unknown): void {
  if (codeOf(error) !== 'FOLDER_LOCKED') throw error
}

describe('a locked folder', () => {
  it('is refused to others until it is released', async () => {
    const folder = await tempFolder()
    const lock = await lockFolder(folder)
    await expect(lockFolder(folder)).rejects.toMatchObject({
      code: 'FOLDER_LOCKED',
      message: `${folder} is in use by another Probity process: stop it, or give this one its own folder`,
    })
    await lock.release()
    await lock.release()
    const next = await lockFolder(folder)
    await next.release()
    expect(readdirSync(folder)).toEqual([])
  })

  it('is free after its holder was killed, for one of those who want it', async () => {
    const folder = await tempFolder()
    await leaveSocket(folder)
    const lock = await onlyLock(folder, 8)
    await lock.release()
  })

  it('has one holder, whenever the others come and go', async () => {
    const folder = await tempFolder()
    for (let round = 0; round < 30; round++) {
      const lock = await onlyLock(folder, 1 + (round % 8))
      await Promise.all([lock.release(), lockFolder(folder).then((next) => next.release(), ignoreLocked)])
    }
    expect(readdirSync(folder)).toEqual([])
  })

  it('is refused while its holder is too busy to answer', async () => {
    const folder = await tempFolder()
    const child = await startHolder(folder)
    child.kill('SIGSTOP')
    await expect(lockFolder(folder)).rejects.toMatchObject({ code: 'FOLDER_LOCKED' })
    child.kill('SIGKILL')
    await once(child, 'exit')
  })

  it('is cleared of what was left long ago', async () => {
    const folder = await tempFolder()
    await leaveSocket(folder)
    const [name = ''] = readdirSync(folder)
    lutimesSync(join(folder, name), 0, 0)
    const lock = await lockFolder(folder)
    expect(readdirSync(folder)).not.toContain(name)
    await lock.release()
  })

  it('may have a path longer than that of a socket', async () => {
    const folder = join(await tempFolder(), 'a'.repeat(100), 'b'.repeat(100))
    mkdirSync(folder, { recursive: true })
    const lock = await lockFolder(folder)
    await expect(lockFolder(folder)).rejects.toMatchObject({ code: 'FOLDER_LOCKED' })
    await lock.release()
  })
})
