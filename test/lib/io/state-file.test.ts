import { describe, expect, it } from 'vitest'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { unwatched } from '../../../src/lib/io/keeping.ts'
import { stateFile } from '../../../src/lib/io/state-file.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const anything = (state: unknown): unknown => state

function ofVersion1(state: unknown): unknown {
  return (state as { version?: number } | null)?.version === 1 ? state : undefined
}

describe('stateFile', () => {
  it('keeps what was saved last, for its owner only, and leaves no draft behind', async () => {
    const folder = join(await tempFolder(), 'new')
    const path = join(folder, 'state.json')
    const file = stateFile(path)
    expect(await file.load(anything)).toBeUndefined()
    await file.save({ a: 1 })
    await file.save({ a: [2] })
    expect(await stateFile(path).load(anything)).toEqual({ a: [2] })
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readdir(folder)).toEqual(['state.json'])
  })

  it.each([
    ['empty', '', 'is damaged'],
    ['cut', '{"version":1,"a":', 'is damaged'],
    ['bytes of chance', '\u0000\ufffd\u0007{{', 'is damaged'],
    ['of a newer version', '{"version":2}', 'was written by another version, or is damaged'],
    ['not an object', 'null', 'was written by another version, or is damaged'],
  ])('keeps a file aside that is %s, and starts without it', async (_what, text, reason) => {
    const folder = await tempFolder()
    const path = join(folder, 'state.json')
    await writeFile(path, text)
    const said: string[] = []
    const report = { ...unwatched, setAside: (kept: string, why: string) => said.push(kept, why) }
    const file = stateFile(path, { report, now: () => Date.parse('2026-11-28T10:00:00Z') })
    expect(await file.load(ofVersion1)).toBeUndefined()
    const kept = `${path}.damaged-2026-11-28T10-00-00.000Z`
    expect(said).toEqual([kept, reason])
    await file.save({ version: 1 })
    expect(await readFile(kept, 'utf8')).toBe(text)
    expect(await stateFile(path, { report }).load(ofVersion1)).toEqual({ version: 1 })
    // A second one of the same moment is not lost either.
    await writeFile(path, text)
    await file.load(ofVersion1)
    expect(await readFile(`${kept}-2`, 'utf8')).toBe(text)
  })

  it('says which file it cannot read or write', async () => {
    const folder = await tempFolder()
    await expect(stateFile(folder).load(anything)).rejects.toMatchObject({ code: 'STATE_UNREADABLE' })
    await writeFile(join(folder, 'file'), '')
    const below = join(folder, 'file', 'state.json')
    await expect(stateFile(below).save({})).rejects.toMatchObject({ code: 'STATE_UNWRITABLE' })
  })
})
