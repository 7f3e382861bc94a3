import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import { bearerOf, sameSecret } from '../lib/http/bearer.ts'
import { isCrossSite, safeMethods } from '../lib/http/cross-site.ts'
import type { RunningTokens } from '../tokens/running-tokens.ts'
import { addressOf, comesFrom } from './address.ts'
import { everything, type Caller, type Identity, type Refused } from './caller.ts'
import { cookieOf } from './login/cookies.ts'
import { sessionCookie } from './login/cookie-name.ts'
import type { Sessions } from './login/sessions.ts'
import type { PasswordOutcome, Passwords } from './passwords/passwords.ts'
import { certificateOf } from './tls/certificate.ts'
import { scopesOf, type WebConfig } from './web-config/web-config.ts'

export interface IdentifyOptions {
  readonly config: () => WebConfig
  readonly tokens: Pick<RunningTokens, 'find'>
  readonly passwords: Passwords
  readonly sessions: Sessions
  /** A token with which commands of this machine may ask for a report and for subscribers. */
  readonly reportToken: string
}

/** Finds out who sends a request. What is asked for most, with a token, needs no turn of the event loop. */
export type Identify = (request: IncomingMessage, tokenInQuery?: string) => Identity | Promise<Identity>

/** Makes what knows every way to say who one is. A wrong one is not replaced by another. */
export function createIdentify({
  config,
  tokens,
  passwords,
  sessions,
  reportToken,
}: IdentifyOptions): Identify {
  function byToken(secret: string): Identity {
    if (sameSecret(secret, reportToken))
      return { caller: { name: 'of this process', how: 'token', scopes: ['report', 'subscribers'] } }
    const token = tokens.find(secret)
    if ('status' in token) return { wrong: token }
    return { caller: { name: token.name, how: 'token', scopes: token.scopes } }
  }

  function byPassword(request: IncomingMessage, basic: string): Identity | Promise<Identity> {
    const text = Buffer.from(basic, 'base64').toString()
    const [user = '', ...rest] = text.split(':')
    const address = addressOf(request, config().proxy?.networks)
    const outcome = passwords({ user, password: rest.join(':'), address })
    const known: Caller = { name: user, how: 'password', scopes: everything }
    const identityOf = (came: PasswordOutcome): Identity =>
      came === 'right' ? { caller: known } : { wrong: refusedOf(came) }
    return typeof outcome === 'object' ? outcome.then(identityOf) : identityOf(outcome)
  }

  function byConnection(request: IncomingMessage): Caller | undefined {
    const { users, tls, proxy } = config()
    // As in the exporter-toolkit, where there are users a certificate is not enough.
    if (tls && users.size === 0 && request.socket instanceof TLSSocket) {
      const name = certificateOf(request.socket, tls)
      if (name !== undefined) return { name, how: 'certificate', scopes: everything }
    }
    if (!proxy || !comesFrom(request, proxy.networks)) return undefined
    const name = onlyHeader(request, proxy.userHeader)
    if (name === undefined || name === '') return undefined
    const groups = (onlyHeader(request, proxy.groupsHeader) ?? '').split(',').map((group) => group.trim())
    return { name, how: 'proxy', scopes: scopesOf(groups, proxy.scopes) }
  }

  function byCookie(request: IncomingMessage): Caller | undefined {
    const cookie = cookieOf(request, sessionCookie)
    if (cookie === undefined) return undefined
    // SameSite does not help against a page of another port of this machine.
    if (!safeMethods.has(request.method ?? '') && isCrossSite(request)) return undefined
    return sessions.read(cookie)
  }

  return (request, tokenInQuery) => {
    const { authorization } = request.headers
    const secret = bearerOf(authorization) ?? tokenInQuery
    if (secret !== undefined) return byToken(secret)
    const basic = /^Basic +(\S+)$/i.exec(authorization ?? '')?.[1]
    if (basic !== undefined && config().users.size > 0) return byPassword(request, basic)
    const caller = byConnection(request) ?? byCookie(request)
    return caller ? { caller } : {}
  }
}

/** Why somebody with a password is not let in. */
export function refusedOf(outcome: Exclude<PasswordOutcome, 'right'>): Refused {
  if (outcome === 'wrong') return { status: 401, words: 'the user or the password is wrong' }
  const words = `too many wrong passwords: try again in ${outcome} s`
  return { status: 429, words, retryAfter: outcome }
}

/** Undefined where it is there twice: then one of them may come from whom the proxy forwards. */
function onlyHeader(request: IncomingMessage, name: string): string | undefined {
  const values = request.headersDistinct[name] ?? []
  return values.length === 1 ? values[0]?.trim() : undefined
}
