import { createHash } from 'node:crypto'
import type { Challenge } from './challenge.ts'

/** A challenge that can be answered. */
export interface DigestChallenge {
  readonly realm: string
  readonly nonce: string
  readonly opaque?: string
  /** As the server writes it; absent where it does not say, which is MD5. */
  readonly algorithm?: string
  /** Whether the server knows `qop=auth`; those from before RFC 2617 do not. */
  readonly qop: boolean
  /** Whether only the nonce was too old. */
  readonly stale: boolean
}

/** What is proven with a response. */
export interface Proof {
  readonly username: string
  readonly password: string
  readonly method: string
  /** As it stands in the request. */
  readonly uri: string
  /** How often the nonce was used, this time included. */
  readonly count: number
  /** A random text. */
  readonly clientNonce: string
}

const hashes: ReadonlyMap<string, string> = new Map([
  ['md5', 'md5'],
  ['sha-256', 'sha256'],
])

/** The first challenge that can be answered: a server begins with the one that it prefers. */
export function answerable(challenges: readonly Challenge[]): DigestChallenge | undefined {
  for (const { scheme, params } of challenges) {
    const { realm = '', nonce, opaque, algorithm, qop, stale } = params
    if (scheme !== 'digest' || nonce === undefined || !hashOf(algorithm)) continue
    // What cannot be sent back cannot be answered.
    if ([realm, nonce, opaque].some((text = '') => /\p{Cc}/u.test(text))) continue
    if (qop !== undefined && !/(?:^|[\s,])auth(?:[\s,]|$)/i.test(qop)) continue
    return {
      realm,
      nonce,
      ...(opaque !== undefined && { opaque }),
      ...(algorithm !== undefined && { algorithm }),
      qop: qop !== undefined,
      stale: stale?.toLowerCase() === 'true',
    }
  }
  return undefined
}

function hashOf(algorithm = 'MD5'): string | undefined {
  return hashes.get(algorithm.toLowerCase().replace(/-sess$/, ''))
}

/** The `Authorization` header that answers a challenge (RFC 7616, section 3.4), a byte a character. */
export function digestAuthorization(challenge: DigestChallenge, proof: Proof): string {
  const { realm, nonce, opaque, algorithm, qop } = challenge
  const { username, uri, count, clientNonce } = proof
  const nc = count.toString(16).padStart(8, '0')
  const fields = [
    nameField(username),
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(uri)}`,
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    ...(qop ? ['qop=auth', `nc=${nc}`, `cnonce="${clientNonce}"`] : []),
    `response="${response(challenge, proof, nc)}"`,
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
  ]
  return Buffer.from(`Digest ${fields.join(', ')}`).toString('latin1')
}

/** RFC 7616, section 3.4.1. Without qop: RFC 2617, section 3.2.2.1. */
function response({ realm, nonce, algorithm, qop }: DigestChallenge, proof: Proof, nc: string): string {
  const { username, password, method, uri, clientNonce } = proof
  const hash = (...parts: readonly string[]): string =>
    createHash(hashOf(algorithm) ?? 'md5')
      .update(parts.join(':'))
      .digest('hex')
  const user = hash(username, realm, password)
  const session = algorithm?.toLowerCase().endsWith('-sess') ? hash(user, nonce, clientNonce) : user
  const request = hash(method, uri)
  return qop ? hash(session, nonce, nc, clientNonce, 'auth', request) : hash(session, nonce, request)
}

/** RFC 7616, section 3.4.4: other characters than those of ASCII are written as in RFC 8187. */
function nameField(username: string): string {
  if (/^[\x20-\x7e]*$/.test(username)) return `username=${quoted(username)}`
  const encoded = encodeURIComponent(username).replaceAll(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `username*=UTF-8''${encoded}`
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`
}
