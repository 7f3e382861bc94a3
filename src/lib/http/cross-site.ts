import type { Request, RequestHandler } from 'express'

/** Methods that change nothing: RFC 9110, section 9.2.1. */
const safe: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Whether a browser sends a request because a page of another site wants it to. Programs send neither of the headers; a browser
 * sends the first to whom it trusts (https, and this machine), the second with whatever is not a GET.
 *
 * Source: https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
export function isCrossSite(request: Request): boolean {
  const site = request.get('Sec-Fetch-Site')
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  const origin = request.get('Origin')
  return origin !== undefined && origin.replace(/^https?:\/\//, '') !== request.get('Host')
}

/**
 * Refuses what changes something where a page of another site has a browser ask for it, unless an earlier handler has allowed
 * that page's origin.
 */
export const refuseCrossSite: RequestHandler = (request, response, next) => {
  const isAllowed = response.hasHeader('Access-Control-Allow-Origin')
  if (isAllowed || safe.has(request.method) || !isCrossSite(request)) next()
  else response.status(403).type('text').send('refused: the request comes from a page of another site\n')
}
