import { randomBytes } from 'node:crypto'
import { sha256 } from '../lib/http/bearer.ts'

/** What is stored of a token: not the secret itself. */
export interface Token {
  /** Unique in its file. */
  readonly name: string
  /** Those of a newer version of Probity are kept, though they open nothing here. */
  readonly scopes: readonly string[]
  /** Of the secret, in hexadecimal. A secret of 256 random bits needs no slow hash. */
  readonly sha256: string
  /** ISO 8601. */
  readonly created: string
}

/** What names look like: they are shown in lists and typed into shells. */
export const tokenName = /^[\w.-]{1,64}$/

/** So that people and scanners of secrets recognize one. */
const prefix = 'probity_'

/**
 * Makes a token of 256 random bits.
 *
 * @param now Milliseconds since 1970.
 * @returns What to store, and the secret, which nobody can derive from it.
 */
export function createToken(
  name: string,
  scopes: readonly string[],
  now: number,
): { readonly token: Token; readonly secret: string } {
  const secret = `${prefix}${randomBytes(32).toString('base64url')}`
  const created = new Date(now).toISOString()
  return { token: { name, scopes, sha256: sha256(secret).toString('hex'), created }, secret }
}
