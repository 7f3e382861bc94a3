import type { IncomingMessage, ServerResponse } from 'node:http'
import { missingToken, otherScope, type RunningTokens } from '../tokens/running-tokens.ts'
import type { Scope } from '../tokens/scopes.ts'
import { may, nameOf, type Refused } from './caller.ts'
import { visitorOf } from './visitors.ts'

/** Answers a request that is refused, in the form of its route. The status is set. */
export type Refuse = (request: IncomingMessage, response: ServerResponse, refused: Refused) => void

export interface GuardOptions {
  readonly tokens: Pick<RunningTokens, 'required'>
  /** Whether programs may send a user and a password. */
  readonly takesPasswords: () => boolean
  /** Whether people can log in on a page. */
  readonly hasLogin: () => boolean
  /** How a route answers, by its path in the table, where that is not a line of text. */
  readonly refuse: Readonly<Record<string, Refuse>>
}

/** Decides who may do what. */
export interface Guard {
  /** Why a request may not do what a scope is for; undefined where it may. */
  readonly refusal: (request: IncomingMessage, scope: Scope) => Refused | undefined
  /** Whether somebody who is known may do what a scope is for, also where nobody has to be known. */
  readonly isKnownTo: (request: IncomingMessage, scope: Scope) => boolean
  /** Answers a request that may not use its route. @returns Whether it did. */
  readonly refused: (request: IncomingMessage, response: ServerResponse) => boolean
}

const asText: Refuse = (_request, response, { words }) => {
  response.setHeader('Content-Type', 'text/plain; charset=utf-8')
  response.end(`${words}\n`)
}

/** Makes a guard. */
export function createGuard({ tokens, takesPasswords, hasLogin, refuse }: GuardOptions): Guard {
  function refusal(request: IncomingMessage, scope: Scope): Refused | undefined {
    if (!tokens.required(scope)) return undefined
    const { caller, wrong } = visitorOf(request)
    if (!caller) return wrong ?? missingToken(scope)
    return may(caller, scope) ? undefined : otherScope(nameOf(caller), scope)
  }

  function refused(request: IncomingMessage, response: ServerResponse): boolean {
    const { route, wrong } = visitorOf(request)
    const { wants } = route
    const why = wants === 'public' || wants === 'own secret' ? undefined : refusal(request, wants)
    if (!why) return false
    if (why.status === 401 && !wrong && hasLogin() && isPage(request)) {
      response.writeHead(303, { Location: loginFor(request), 'Cache-Control': 'no-store' }).end()
      return true
    }
    response.statusCode = why.status
    response.setHeader('Cache-Control', 'no-store')
    if (why.retryAfter !== undefined) response.setHeader('Retry-After', why.retryAfter)
    if (why.status !== 429) response.setHeader('WWW-Authenticate', challenge(request, takesPasswords()))
    const answer = refuse[route.path] ?? asText
    answer(request, response, why)
    return true
  }

  return {
    refusal,
    isKnownTo(request, scope) {
      const { caller } = visitorOf(request)
      return caller !== undefined && may(caller, scope)
    },
    refused,
  }
}

/** A browser that sees Basic asks its user for a password, even when only a script of a page sent the request. */
function challenge({ headers }: IncomingMessage, takesPasswords: boolean): string {
  const isScript = headers['sec-fetch-mode'] !== undefined && headers['sec-fetch-mode'] !== 'navigate'
  return takesPasswords && !isScript ? 'Bearer, Basic realm="Probity", charset="UTF-8"' : 'Bearer'
}

/** Whether a person waits for a page. */
function isPage({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && /\btext\/html\b/.test(headers.accept ?? '')
}

/** Relative, because a proxy may serve this below any path. */
function loginFor({ url = '' }: IncomingMessage): string {
  const path = url.split('?', 1)[0] ?? ''
  const up = '../'.repeat(Math.max(0, path.split('/').length - 2))
  return `${up}login?next=${encodeURIComponent(url.slice(1, 2000))}`
}
