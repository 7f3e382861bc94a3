import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { openEndedSessions } from '../../src/access/login/ended.ts'
import { createSessions, sessionSeconds, type Sessions } from '../../src/access/login/sessions.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { testClock, type TestClock } from '../support/time/clock.ts'

let file: string
let clock: TestClock
let warned: string[]

beforeEach(async () => {
  file = join(await tempFolder(), 'session-key-ended')
  clock = testClock()
  warned = []
})

/** What a process has that starts with the files of the one before. */
async function start(): Promise<Sessions> {
  const log = { warn: (text: string) => void warned.push(text) } as never
  const config = () => ({ users: new Map([['ada', 'the hash']]) })
  return createSessions({
    secret: 'of-this-server',
    config,
    clock,
    ended: await openEndedSessions({ file, clock, log }),
  })
}

describe('a session that was ended', () => {
  it('is not valid after a restart either, and others are', async () => {
    const before = await start()
    const [gone, kept] = [before.begin({ user: 'ada' }), before.begin({ user: 'ada' })]
    before.end(gone)

    const after = await start()

    expect(after.read(gone)).toBeUndefined()
    expect(after.read(kept)).toMatchObject({ name: 'ada' })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it('is forgotten once its cookie has expired', async () => {
    const before = await start()
    before.end(before.begin({ user: 'ada' }))
    clock.advance(sessionSeconds + 1)

    await start()

    expect(await readFile(file, 'utf8')).toBe('')
  })

  it('is kept next to lines that were cut or damaged', async () => {
    const before = await start()
    const gone = before.begin({ user: 'ada' })
    before.end(gone)
    await writeFile(file, `\0\0\n17\nnonsense here\n${await readFile(file, 'utf8')}1795`)

    expect((await start()).read(gone)).toBeUndefined()
  })

  it('is kept after a line that was cut, and the file is only written again where something has expired', async () => {
    await writeFile(file, '17951400')
    const { ino } = await stat(file)
    const before = await start()
    const gone = before.begin({ user: 'ada' })
    before.end(gone)

    expect((await start()).read(gone)).toBeUndefined()
    expect((await stat(file)).ino).toBe(ino)
  })

  it('ends in this process also where it cannot be written, and the log says so', async () => {
    await mkdir(file)
    await expect(start()).rejects.toThrow(
      /the list of logins that were ended, .*EISDIR.*; check its permissions/,
    )
    file = join(file, 'missing', 'file')
    const sessions = await start()
    const gone = sessions.begin({ user: 'ada' })

    sessions.end(gone)

    expect(sessions.read(gone)).toBeUndefined()
    expect(warned.at(-1)).toMatch(/cannot be written: .*ENOENT.*is valid again after a restart/)
  })
})
