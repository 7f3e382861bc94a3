import { describe, expect, it } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { lockFolder } from '../../src/lib/folder-lock.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** A process that had the lock and was killed: its socket is still there, and nobody listens on it. */
async function leaveSocket(folder: string): Promise<void> {
  const program = `require('node:net').createServer().listen('lock', () => console.log('ready'))`
  const child = spawn(process.execPath, ['-e', program], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')
}

describe('a locked folder', () => {
  it('is refused to others until it is released', async () => {
    const folder = await tempFolder()
    const lock = await lockFolder(folder)
    await expect(lockFolder(folder)).rejects.toMatchObject({
      code: 'FOLDER_LOCKED',
      message: `${folder} is in use by another Probity process: stop that one, or give this one a folder of its own`,
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
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder)))
    const locks = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    expect(locks).toHaveLength(1)
    await locks[0]!.release()
  })

  it('may have a path longer than that of a socket', async () => {
    const folder = join(await tempFolder(), 'a'.repeat(100), 'b'.repeat(100))
    mkdirSync(folder, { recursive: true })
    const lock = await lockFolder(folder)
    await expect(lockFolder(folder)).rejects.toMatchObject({ code: 'FOLDER_LOCKED' })
    await lock.release()
  })
})
