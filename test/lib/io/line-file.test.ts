import { describe, expect, it } from 'vitest'
import { mkdir, readFile, rename, stat, symlink, truncate, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openLineFile } from '../../../src/lib/io/line-file.ts'
import { tempFolder } from '../../support/temp-folder.ts'

describe('a line file', () => {
  it('creates the file and its folder', async () => {
    const path = join(await tempFolder(), 'a', 'b', 'lines')
    const file = await openLineFile(path)
    await file.append('one')
    await file.close()
    expect(await readFile(path, 'utf8')).toBe('one\n')
  })

  it('lets nobody read them but their owner and its group', async () => {
    const folder = join(await tempFolder(), 'a')
    const file = await openLineFile(join(folder, 'lines'))
    await file.append('one')
    await file.close()
    const modes = [folder, join(folder, 'lines')].map(async (path) => (await stat(path)).mode & 0o7)
    expect(await Promise.all(modes)).toEqual([0, 0])
  })

  it('keeps what an earlier process wrote', async () => {
    const path = join(await tempFolder(), 'lines')
    await writeFile(path, 'one\n')
    const file = await openLineFile(path)
    await file.append('two')
    await file.close()
    expect(await readFile(path, 'utf8')).toBe('one\ntwo\n')
  })

  it('keeps the order of lines that are appended at once', async () => {
    const path = join(await tempFolder(), 'lines')
    const file = await openLineFile(path)
    const lines = Array.from({ length: 500 }, (_, index) => `line ${index}`)
    await Promise.all(lines.map((line) => file.append(line)))
    await file.close()
    expect(await readFile(path, 'utf8')).toBe(lines.map((line) => `${line}\n`).join(''))
  })

  it('starts on a line of its own after a crash that cut the last line', async () => {
    const path = join(await tempFolder(), 'lines')
    await writeFile(path, 'one\ntw')
    const file = await openLineFile(path)
    await file.append('three')
    await file.append('four')
    await file.close()
    expect(await readFile(path, 'utf8')).toBe('one\ntw\nthree\nfour\n')
  })

  it('goes on in a new file when the old one is moved away', async () => {
    const path = join(await tempFolder(), 'lines')
    const file = await openLineFile(path)
    await file.append('one')
    await rename(path, `${path}.1`)
    await file.append('two')
    await file.close()
    expect(await readFile(`${path}.1`, 'utf8')).toBe('one\n')
    expect(await readFile(path, 'utf8')).toBe('two\n')
  })

  it('goes on in the file that was put in its place', async () => {
    const path = join(await tempFolder(), 'lines')
    const file = await openLineFile(path)
    await rename(path, `${path}.1`)
    await writeFile(path, 'a header\n', { mode: 0o640 })
    await file.append('one')
    await file.close()
    expect(await readFile(path, 'utf8')).toBe('a header\none\n')
    expect((await stat(path)).mode & 0o777).toBe(0o640)
  })

  it('goes on at the start of a file that was emptied in place', async () => {
    const path = join(await tempFolder(), 'lines')
    const file = await openLineFile(path)
    await file.append('one')
    await truncate(path, 0)
    await file.append('two')
    await file.close()
    expect(await readFile(path, 'utf8')).toBe('two\n')
  })

  it('goes on after its folder was moved away', async () => {
    const folder = join(await tempFolder(), 'logs')
    const file = await openLineFile(join(folder, 'lines'))
    await rename(folder, `${folder}.old`)
    await file.append('one')
    await file.close()
    expect(await readFile(join(folder, 'lines'), 'utf8')).toBe('one\n')
  })

  it('creates the file again when it is told to', async () => {
    const path = join(await tempFolder(), 'lines')
    const file = await openLineFile(path)
    await unlink(path)
    await file.reopen()
    expect(await readFile(path, 'utf8')).toBe('')
    await file.close()
  })

  it('refuses every line while the disk is full, and none once there is room', async () => {
    const path = join(await tempFolder(), 'lines')
    await symlink('/dev/full', path)
    const file = await openLineFile(path)
    const refused = await Promise.allSettled([file.append('one'), file.append('two')])
    expect(refused).toEqual([
      { status: 'rejected', reason: expect.objectContaining({ code: 'ENOSPC' }) },
      { status: 'rejected', reason: expect.objectContaining({ code: 'ENOSPC' }) },
    ])
    await unlink(path)
    await file.append('three')
    await file.close()
    expect(await readFile(path, 'utf8')).toBe('three\n')
  })

  it('refuses to open what is not a file', async () => {
    const path = join(await tempFolder(), 'lines')
    await mkdir(path)
    await expect(openLineFile(path)).rejects.toMatchObject({ code: 'EISDIR' })
  })

  it('finishes what is being written before it closes', async () => {
    const path = join(await tempFolder(), 'lines')
    const file = await openLineFile(path)
    const written = file.append('one')
    await file.close()
    await expect(written).resolves.toBeUndefined()
    expect(await readFile(path, 'utf8')).toBe('one\n')
  })
})
