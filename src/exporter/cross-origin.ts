import { ProbityError } from '../lib/errors.ts'
import { Router, type RequestHandler } from 'express'

/** Which pages of other sites may report calls. */
export interface CrossOriginOptions {
  /** Exact origins, such as `https://shop.example`, or `*`. */
  readonly origins: readonly string[]
  /** Whether a token is required now: without one, `*` allows nobody. */
  readonly tokenRequired: () => boolean
}

/** Where pages may report calls to. */
const paths = ['/api/v1/calls', '/v1/traces']

/**
 * Answers preflights, and lets requests of pages on the list pass `refuseCrossSite`, which comes next.
 *
 * Source: https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function crossOrigin({ origins, tokenRequired }: CrossOriginOptions): Router {
  const router = Router()
  if (origins.length === 0) return router
  const allow: RequestHandler = (request, response, next) => {
    response.vary('Origin')
    const origin = request.get('Origin')
    const isListed = origin !== undefined && origins.includes(origin)
    if (isListed || (origin !== undefined && origins.includes('*') && tokenRequired())) {
      response.set({
        'Access-Control-Allow-Origin': origin,
        'Cross-Origin-Resource-Policy': 'cross-origin',
        // navigator.sendBeacon sends credentials, and a browser refuses an answer that does not allow them.
        ...(isListed && { 'Access-Control-Allow-Credentials': 'true' }),
      })
    }
    next()
  }
  const preflight: RequestHandler = (_request, response) => {
    response.status(204).set({
      'Access-Control-Allow-Methods': 'POST',
      'Access-Control-Allow-Headers': 'Authorization, Content-Encoding, Content-Type',
      'Access-Control-Max-Age': '600',
    })
    response.end()
  }
  return router.options(paths, allow, preflight).post(paths, allow)
}

/** @throws ProbityError `ORIGINS_INVALID` when every page of the web may report calls without a token. */
export function assertOriginsGuarded(origins: readonly string[], tokenRequired: () => boolean): void {
  if (!origins.includes('*') || tokenRequired()) return
  throw new ProbityError(
    'ORIGINS_INVALID',
    '--calls.cors-origins=* lets every page report calls: create a token of scope calls first, or list the origins',
  )
}
