import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../src/lib/http/bearer.ts'
import { addToken, revokeToken } from '../../src/tokens/edit.ts'
import { readTokens } from '../../src/tokens/file.ts'
import { tempFolder } from '../support/temp-folder.ts'

const add = (path: string, name: string): Promise<string> =>
  addToken(path, { name, scopes: ['calls'], now: 1_760_000_000_000 })

const line = (changes: object = {}): string =>
  JSON.stringify({
    name: 'shop',
    scopes: ['calls'],
    sha256: 'a'.repeat(64),
    created: '2026-11-28T12:00:00.000Z',
    ...changes,
  })

describe('the file of tokens', () => {
  it('holds hashes of random secrets, which only its owner can read', async () => {
    const path = join(await tempFolder(), 'new', 'tokens.jsonl')
    const [shop, cron] = [await add(path, 'shop'), await add(path, 'cron')]
    expect(shop).toMatch(/^probity_[\w-]{43}$/)
    expect(cron).not.toBe(shop)
    expect(await readTokens(path)).toEqual([
      {
        name: 'shop',
        scopes: ['calls'],
        sha256: sha256(shop).toString('hex'),
        created: '2025-10-09T08:53:20.000Z',
      },
      expect.objectContaining({ name: 'cron', sha256: sha256(cron).toString('hex') }),
    ])
    const text = await readFile(path, 'utf8')
    for (const secret of [shop, cron]) expect(text).not.toContain(secret.slice(8))
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readdir(join(path, '..'))).toEqual(['tokens.jsonl'])
  })

  it('loses nothing when several are created at the same time', async () => {
    const path = join(await tempFolder(), 'tokens.jsonl')
    const names = ['a', 'b', 'c', 'd', 'e']
    await Promise.all(names.map((name) => add(path, name)))
    expect((await readTokens(path))?.map(({ name }) => name).sort()).toEqual(names)
  })

  it('keeps the others, and tokens of newer versions, when one is revoked', async () => {
    const path = join(await tempFolder(), 'tokens.jsonl')
    await writeFile(path, `${line()}\n${line({ name: 'later', scopes: ['report', 'admin'] })}\n`)
    await revokeToken(path, 'shop')
    expect(await readTokens(path)).toMatchObject([{ name: 'later', scopes: ['report', 'admin'] }])
    await expect(revokeToken(path, 'shop')).rejects.toMatchObject({
      code: 'TOKEN_UNKNOWN',
      message: `${path} has no token "shop"`,
    })
  })

  it.each([
    ['a b', '"a b" is not a valid name: expected 1 to 64 letters, digits, "_", "-" and "."'],
    ['', '"" is not a valid name: expected 1 to 64 letters, digits, "_", "-" and "."'],
    ['shop', 'there is already a token shop: choose another name, or revoke it first'],
  ])('has no second token and no token without a valid name: %j', async (name, message) => {
    const path = join(await tempFolder(), 'tokens.jsonl')
    await writeFile(path, `${line()}\n`)
    await expect(add(path, name)).rejects.toMatchObject({ code: 'TOKEN_NAME_INVALID', message })
  })

  it.each([
    ['is cut off', line().slice(0, -1), 'the line is not valid JSON'],
    ['is something else', '[]', 'the line is not a token'],
    ['has no scope', line({ scopes: [] }), 'scopes is not valid'],
    ['has a short hash', line({ sha256: 'abc' }), 'sha256 is not valid'],
    ['has an unknown key', line({ secret: 'x' }), 'secret is not valid'],
    ['has a name that is taken', line(), 'the name shop is used twice'],
  ])('is refused with the place where a line %s, and stays as it is', async (_what, damaged, problem) => {
    const path = join(await tempFolder(), 'tokens.jsonl')
    const text = `${line()}\n\n${damaged}\n`
    await writeFile(path, text)
    const refused = { code: 'TOKENS_INVALID', message: `${path}:3: ${problem}` }
    await expect(readTokens(path)).rejects.toMatchObject(refused)
    await expect(add(path, 'new')).rejects.toMatchObject(refused)
    await expect(revokeToken(path, 'shop')).rejects.toMatchObject(refused)
    expect(await readFile(path, 'utf8')).toBe(text)
  })

  it('that cannot be read is an error, and one that is missing is not', async () => {
    const folder = await tempFolder()
    await expect(readTokens(folder)).rejects.toMatchObject({ code: 'TOKENS_UNREADABLE' })
    expect(await readTokens(join(folder, 'none'))).toBeUndefined()
  })
})
