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
  /** ISO 8601. Default: it is valid until it is revoked. */
  readonly expires?: string | undefined
}

/** What names look like: they are shown in lists and typed into shells. */
export const tokenName = /^[\w.-]{1,64}$/

/** So that people and scanners of secrets recognize one. */
const prefix = 'probity_'

/** What a token is made of. */
export interface NewToken {
  readonly name: string
  readonly scopes: readonly string[]
  /** Milliseconds since 1970. */
  readonly now: number
  /** Seconds after which it is no longer valid. Default: never. */
  readonly lifetime?: number | undefined
}

/**
 * Makes a token of 256 random bits.
 *
 * @returns What to store, and the secret, which nobody can derive from it.
 */
export function createToken({ name, scopes, now, lifetime }: NewToken): {
  readonly token: Token
  readonly secret: string
} {
  const secret = `${prefix}${randomBytes(32).toString('base64url')}`
  const created = new Date(now).toISOString()
  const expires = lifetime === undefined ? {} : { expires: new Date(now + lifetime * 1000).toISOString() }
  return { token: { name, scopes, sha256: sha256(secret).toString('hex'), created, ...expires }, secret }
}

/** Whether a token is past its time. @param now Milliseconds since 1970. */
export function isExpired({ expires }: Token, now: number): boolean {
  return expires !== undefined && Date.parse(expires) <= now
}
