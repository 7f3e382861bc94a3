import { randomBytes } from 'node:crypto'
import { link, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf, messageOf, ProbityError } from '../errors.ts'
import { readRegularFile } from './regular-file.ts'
import { createDataFolder } from './data-folder.ts'

/** Only its owner may read it: what sends the token runs as the same user. */
const mode = 0o600

/**
 * Reads a secret from a file; blanks around it do not count.
 *
 * @throws ProbityError `TOKEN_MISSING` when there is no such file, `TOKEN_UNREADABLE` when it cannot be read, is empty, or
 * holds more than one word.
 */
export async function readToken(path: string): Promise<string> {
  const text = await readRegularFile(path).catch((cause: unknown) => {
    const code = codeOf(cause) === 'ENOENT' ? 'TOKEN_MISSING' : 'TOKEN_UNREADABLE'
    throw new ProbityError(code, `cannot read the token file ${path}: ${messageOf(cause)}`, { cause })
  })
  const token = text.trim()
  if (!/^[\x21-\x7e]+$/.test(token)) {
    const found =
      token === '' ? 'it is empty' : 'it contains spaces or characters that are not allowed in a header'
    throw new ProbityError(
      'TOKEN_UNREADABLE',
      `the token file ${path} must contain one word, but ${found}; delete the file to have a new token created`,
    )
  }
  return token
}

/**
 * Reads a secret from a file, and makes a random one (256 bits) first where there is no such file. A process that reads the
 * file meanwhile never sees a part of it, and of two processes that make one at once, both get the same.
 *
 * @returns The secret, and whether it was made now.
 * @throws ProbityError `TOKEN_UNREADABLE`, or `TOKEN_UNWRITABLE` when it cannot be made.
 */
export async function readOrCreateToken(path: string): Promise<{ token: string; created: boolean }> {
  try {
    return { token: await readToken(path), created: false }
  } catch (error) {
    if (codeOf(error) !== 'TOKEN_MISSING') throw error
  }
  const created = await create(path)
  return { token: await readToken(path), created }
}

/** Returns false where another process was faster. */
async function create(path: string): Promise<boolean> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.new`
  try {
    await createDataFolder(dirname(path))
    const file = await open(draft, 'wx', mode)
    try {
      await file.writeFile(`${randomBytes(32).toString('base64url')}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await link(draft, path)
    return true
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false
    throw new ProbityError('TOKEN_UNWRITABLE', `cannot create the token file ${path}: ${messageOf(cause)}`, {
      cause,
    })
  } finally {
    await rm(draft, { force: true }).catch(() => undefined)
  }
}
