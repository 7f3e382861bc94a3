import { rmdir } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { codeOf, messageOf, ProbityError } from '../lib/errors.ts'
import { lockFolder, type FolderLock } from '../lib/io/folder-lock.ts'
import { readTokens, writeTokens } from './file.ts'
import type { Scope } from './scopes.ts'
import { createToken, tokenName, type NewToken } from './token.ts'
import { createDataFolder } from '../lib/io/data-folder.ts'

/**
 * Adds a token to a file, which is made where it is missing.
 *
 * @returns The secret, which is stored nowhere.
 * @throws ProbityError `TOKEN_NAME_INVALID`, and what {@link readTokens} and {@link writeTokens} throw.
 */
export async function addToken(
  path: string,
  wanted: NewToken & { readonly scopes: readonly Scope[] },
): Promise<string> {
  const { name } = wanted
  if (!tokenName.test(name)) {
    throw new ProbityError(
      'TOKEN_NAME_INVALID',
      `${JSON.stringify(name)} is not a valid name: expected 1 to 64 letters, digits, "_", "-" and "."`,
    )
  }
  return alone(path, async () => {
    const tokens = (await readTokens(path)) ?? []
    if (tokens.some((known) => known.name === name)) {
      throw new ProbityError(
        'TOKEN_NAME_INVALID',
        `there is already a token ${name}: choose another name, or revoke it first`,
      )
    }
    const { token, secret } = createToken(wanted)
    await writeTokens(path, [...tokens, token])
    return secret
  })
}

/**
 * Removes a token from a file.
 *
 * @throws ProbityError `TOKEN_UNKNOWN`, and what {@link readTokens} and {@link writeTokens} throw.
 */
export async function revokeToken(path: string, name: string): Promise<void> {
  await alone(path, async () => {
    const tokens = (await readTokens(path)) ?? []
    const others = tokens.filter((token) => token.name !== name)
    if (others.length === tokens.length)
      throw new ProbityError('TOKEN_UNKNOWN', `${path} has no token ${JSON.stringify(name)}`)
    await writeTokens(path, others)
  })
}

/** Milliseconds between two looks at whether another command has finished, and for how long one looks. */
const [lookMs, patienceMs] = [50, 30_000]

/** Of two commands that edit the file at the same time, the second must see what the first has written. */
async function alone<T>(path: string, edit: () => Promise<T>): Promise<T> {
  const folder = `${path}.lock`
  const lock = await take(folder)
  try {
    return await edit()
  } finally {
    await lock.release()
    // Another command that waits keeps it.
    await rmdir(folder).catch(() => undefined)
  }
}

async function take(folder: string): Promise<FolderLock> {
  const until = performance.now() + patienceMs
  for (;;) {
    try {
      await createDataFolder(folder)
    } catch (cause) {
      // The other command may remove the folder while it is made.
      if (codeOf(cause) !== 'ENOENT' || performance.now() > until)
        throw new ProbityError('TOKENS_UNWRITABLE', `cannot create ${folder}: ${messageOf(cause)}`, { cause })
    }
    try {
      return await lockFolder(folder)
    } catch (error) {
      // EACCES is what Node.js says of a folder that the other command has just removed, too.
      const busy = ['FOLDER_LOCKED', 'ENOENT', 'EACCES'].includes(codeOf(error) ?? '')
      if (!busy || performance.now() > until) throw error
      await pause(lookMs)
    }
  }
}
