import { createHash } from 'node:crypto'
import {
  startHttpPeer,
  type HttpPeer,
  type Received,
  type Reply,
} from '../../../../support/servers/http-peer.ts'

export interface DigestServerOptions {
  /** As it is written in the challenge. Absent: the server does not say. */
  readonly algorithm?: string
  /** As it is written in the challenge; `undefined`: as before RFC 2617. Default: `auth,auth-int`. */
  readonly qop?: string | undefined
  readonly username?: string
  readonly password?: string
  readonly realm?: string
  /** How many times a nonce is accepted. Default: always. */
  readonly uses?: number
}

export interface DigestServer extends HttpPeer {
  /** The fields of each `Authorization` header that arrived; nothing where there was none. */
  readonly heard: () => (Readonly<Record<string, string>> | undefined)[]
}

/** Reads the fields of an `Authorization: Digest` header, a byte a character. */
export function fieldsOf(header: string): Record<string, string> {
  return Object.fromEntries(
    [...header.matchAll(/([\w*]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)].map(
      ([, name = '', quoted, plain = '']) => [name, quoted?.replaceAll(/\\(.)/g, '$1') ?? plain],
    ),
  )
}

/** A server that computes for itself what the client must have computed (RFC 7616, section 3.4.1). */
export async function startDigestServer(options: DigestServerOptions = {}): Promise<DigestServer> {
  const {
    algorithm,
    username = 'Mufasa',
    password = 'Circle of Life',
    realm = 'http-auth@example.org',
  } = options
  const { qop = 'auth,auth-int', uses = Infinity } =
    'qop' in options ? { ...options, qop: options.qop ?? '' } : options
  const hash = (...parts: readonly string[]): string =>
    createHash(/^sha-256/i.test(algorithm ?? '') ? 'sha256' : 'md5')
      .update(parts.join(':'))
      .digest('hex')
  let nonces = 0
  let left = 0
  const nonce = (): string => `nonce-${nonces}`

  function challenge(stale: boolean): Reply {
    nonces++
    left = uses
    const fields = [
      `realm="${realm}"`,
      `nonce="${nonce()}"`,
      'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
      ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
      ...(qop === '' ? [] : [`qop="${qop}"`]),
      ...(stale ? ['stale=TRUE'] : []),
    ]
    const text = `Basic realm="x, y", Digest ${fields.join(', ')}`
    return { status: 401, headers: { 'WWW-Authenticate': Buffer.from(text).toString('latin1') } }
  }

  function judge({ method, path, headers }: Received): Reply {
    const { authorization } = headers
    if (authorization === undefined) return challenge(false)
    const { nonce: given = '', nc = '', cnonce = '', uri = '', response } = fieldsOf(authorization)
    const user = hash(username, realm, password)
    const session = algorithm?.endsWith('-sess') ? hash(user, given, cnonce) : user
    const rest = qop === '' ? [given] : [given, nc, cnonce, 'auth']
    if (uri !== path || response !== hash(session, ...rest, hash(method, path))) return challenge(false)
    return given === nonce() && left-- > 0 ? { status: 200 } : challenge(true)
  }

  const peer = await startHttpPeer(judge)
  return {
    ...peer,
    heard: () =>
      peer.received.map(({ headers: { authorization } }) =>
        authorization === undefined ? undefined : fieldsOf(authorization),
      ),
  }
}
