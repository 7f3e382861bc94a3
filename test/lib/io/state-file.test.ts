import { describe, expect, it } from 'vitest'
import { readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stateFile } from '../../../src/lib/io/state-file.ts'
import { tempFolder } from '../../support/temp-folder.ts'

describe('stateFile', () => {
  it('keeps what was saved last, for its owner only, and leaves no draft behind', async () => {
    const folder = join(await tempFolder(), 'new')
    const path = join(folder, 'state.json')
    const file = stateFile(path)
    expect(await file.load()).toBeUndefined()
    await file.save({ a: 1 })
    await file.save({ a: [2] })
    expect(await stateFile(path).load()).toEqual({ a: [2] })
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readdir(folder)).toEqual(['state.json'])
  })

  it('has nothing to say where the file is not JSON', async () => {
    const path = join(await tempFolder(), 'state.json')
    await writeFile(path, '{"a":')
    expect(await stateFile(path).load()).toBeUndefined()
  })

  it('says which file it cannot read or write', async () => {
    const folder = await tempFolder()
    await expect(stateFile(folder).load()).rejects.toMatchObject({ code: 'STATE_UNREADABLE' })
    await writeFile(join(folder, 'file'), '')
    const below = join(folder, 'file', 'state.json')
    await expect(stateFile(below).save({})).rejects.toMatchObject({ code: 'STATE_UNWRITABLE' })
  })
})
