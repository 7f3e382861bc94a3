import { Router, type Request, type RequestHandler, type Response } from 'express'
import { bearerOf } from '../lib/http/bearer.ts'
import { routeScopes, type RouteScope } from './route-scopes.ts'
import type { Refusal, RunningTokens } from './running-tokens.ts'

/** Answers a request that is refused. The status is set. */
export type Refuse = (response: Response, refusal: Refusal) => void

const asText: Refuse = (response, { words }) => {
  response.type('text').send(`${words}\n`)
}

/**
 * Answers 401 or 403 to requests without the token that their route wants, before their body is read, and lets all others
 * through. To be used before the routes.
 *
 * @param refuse How a route answers, by its path, where that is not a line of text.
 */
export function guardRoutes(tokens: RunningTokens, refuse: Readonly<Record<string, Refuse>> = {}): Router {
  const router = Router()
  for (const row of routeScopes) {
    if (row.method === 'POST') router.post(row.path, guard(tokens, row, refuse[row.path] ?? asText))
  }
  return router
}

function guard(tokens: RunningTokens, { scope, tokenInQuery }: RouteScope, refuse: Refuse): RequestHandler {
  return (request, response, next) => {
    const inQuery = tokenInQuery === true ? takeFromQuery(request) : undefined
    const refusal = tokens.refusal(scope, bearerOf(request.get('Authorization')) ?? inQuery)
    if (refusal === undefined) {
      next()
      return
    }
    response.status(refusal.status).set('WWW-Authenticate', 'Bearer')
    refuse(response, refusal)
  }
}

/** Takes `token` out of the URL, so that nothing that comes after can log it. */
function takeFromQuery(request: Request): string | undefined {
  const mark = request.url.indexOf('?')
  if (mark === -1) return undefined
  const query = new URLSearchParams(request.url.slice(mark + 1))
  const token = query.get('token')
  if (token === null) return undefined
  query.delete('token')
  const rest = query.size === 0 ? '' : `?${query.toString()}`
  request.url = `${request.url.slice(0, mark)}${rest}`
  request.originalUrl = `${request.originalUrl.split('?', 1)[0] ?? ''}${rest}`
  return token === '' ? undefined : token
}
