import { describe, expect, it } from 'vitest'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readOrCreateToken, readToken } from '../../../src/lib/io/token-file.ts'
import { tempFolder } from '../../support/temp-folder.ts'

describe('a token file', () => {
  it('is made where it is missing, for its owner only', async () => {
    const folder = join(await tempFolder(), 'secrets')
    const path = join(folder, 'token')
    const { token, created } = await readOrCreateToken(path)
    expect(created).toBe(true)
    expect(token).toMatch(/^[\w-]{43}$/)
    expect(await readFile(path, 'utf8')).toBe(`${token}\n`)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readdir(folder)).toEqual(['token'])
  })

  it('is another one each time', async () => {
    const folder = await tempFolder()
    const one = await readOrCreateToken(join(folder, 'one'))
    const two = await readOrCreateToken(join(folder, 'two'))
    expect(one.token).not.toBe(two.token)
  })

  it('is left alone where it is there', async () => {
    const path = join(await tempFolder(), 'token')
    await writeFile(path, ' s3cret \n', { mode: 0o444 })
    await expect(readOrCreateToken(path)).resolves.toEqual({ token: 's3cret', created: false })
    expect(await readFile(path, 'utf8')).toBe(' s3cret \n')
  })

  it('is made once by processes that start together', async () => {
    const path = join(await tempFolder(), 'token')
    const made = await Promise.all(Array.from({ length: 20 }, () => readOrCreateToken(path)))
    expect(new Set(made.map(({ token }) => token)).size).toBe(1)
    expect(made.filter(({ created }) => created)).toHaveLength(1)
  })

  it.each([
    ['empty', '', 'it is empty'],
    ['only a line end', '\n', 'it is empty'],
    ['two words', 'one two', 'it contains spaces or characters that are not allowed in a header'],
    [
      'a letter that no header carries',
      'schlüssel',
      'it contains spaces or characters that are not allowed in a header',
    ],
  ])('is refused when it holds %s', async (_name, content, problem) => {
    const path = join(await tempFolder(), 'token')
    await writeFile(path, content)
    await expect(readToken(path)).rejects.toMatchObject({
      code: 'TOKEN_UNREADABLE',
      message: `the token file ${path} must contain one word, but ${problem}; delete the file to have a new token created`,
    })
  })

  it('says where it could not be made', async () => {
    const folder = await tempFolder()
    await writeFile(join(folder, 'file'), '')
    const path = join(folder, 'file', 'token')
    await expect(readOrCreateToken(path)).rejects.toMatchObject({ code: 'TOKEN_UNREADABLE' })
    await expect(readOrCreateToken(join('/proc', 'token'))).rejects.toMatchObject({
      code: 'TOKEN_UNWRITABLE',
      message: expect.stringContaining('cannot create the token file /proc/token'),
    })
  })
})
