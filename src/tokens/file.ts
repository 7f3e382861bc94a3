import { dirname } from 'node:path'
import { z } from 'zod'
import { codeOf, messageOf, ProbityError } from '../lib/errors.ts'
import { readRegularFile } from '../lib/io/regular-file.ts'
import { replaceFile } from '../lib/io/replace-file.ts'
import { tokenName, type Token } from './token.ts'
import { createDataFolder } from '../lib/io/data-folder.ts'

const line = z.strictObject({
  name: z.string().regex(tokenName),
  scopes: z.array(z.string().regex(/^[\w-]{1,32}$/)).min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  created: z.iso.datetime(),
  expires: z.iso.datetime().optional(),
})

/**
 * Reads the tokens of a file: one JSON object per line.
 *
 * @returns Undefined where there is no such file.
 * @throws ProbityError `TOKENS_UNREADABLE`, or `TOKENS_INVALID` with the place: a damaged file must not open the door.
 */
export async function readTokens(path: string): Promise<readonly Token[] | undefined> {
  const text = await readRegularFile(path).catch((cause: unknown) => {
    if (codeOf(cause) === 'ENOENT') return undefined
    throw new ProbityError('TOKENS_UNREADABLE', `cannot read the tokens in ${path}: ${messageOf(cause)}`, {
      cause,
    })
  })
  if (text === undefined) return undefined
  const tokens: Token[] = []
  for (const [index, written] of text.split('\n').entries()) {
    if (written.trim() === '') continue
    const invalid = (problem: string): ProbityError =>
      new ProbityError('TOKENS_INVALID', `${path}:${index + 1}: ${problem}`)
    const token = parse(written, invalid)
    if (tokens.some(({ name }) => name === token.name)) throw invalid(`the name ${token.name} is used twice`)
    tokens.push(token)
  }
  return tokens
}

function parse(written: string, invalid: (problem: string) => ProbityError): Token {
  let value: unknown
  try {
    value = JSON.parse(written)
  } catch {
    throw invalid('the line is not valid JSON')
  }
  const { data, error } = line.safeParse(value)
  if (data !== undefined) return data
  const [issue] = error.issues
  const key = issue?.path[0] ?? (issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined)
  throw invalid(key === undefined ? 'the line is not a token' : `${String(key)} is not valid`)
}

/**
 * Replaces the file as a whole; only its owner can read it. Its folder is made where it is missing.
 *
 * @throws ProbityError `TOKENS_UNWRITABLE`
 */
export async function writeTokens(path: string, tokens: readonly Token[]): Promise<void> {
  try {
    await createDataFolder(dirname(path))
    await replaceFile(path, tokens.map((token) => `${JSON.stringify(token)}\n`).join(''), 0o600)
  } catch (cause) {
    throw new ProbityError('TOKENS_UNWRITABLE', `cannot write the tokens to ${path}: ${messageOf(cause)}`, {
      cause,
    })
  }
}
