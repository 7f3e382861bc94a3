import type { IncomingMessage } from 'node:http'
import type { RequestHandler } from 'express'

/** Methods that change nothing: RFC 9110, section 9.2.1. */
export const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Whether a browser sends a request because a page of another site wants it to. Programs send neither of the headers; a browser
 * sends the first to whom it trusts (https, and this machine), the second with whatever is not a GET.
 *
 * Source: https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
export function isCrossSite({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  const { origin, host } = headers
  return origin !== undefined && origin.replace(/^https?:\/\//, '') !== host
}

/**
 * Refuses what changes something where a page of another site has a browser ask for it, unless an earlier handler has allowed
 * that page's origin.
 */
export const refuseCrossSite: RequestHandler = (request, response, next) => {
  const isAllowed = response.hasHeader('Access-Control-Allow-Origin')
  if (isAllowed || safeMethods.has(request.method) || !isCrossSite(request)) next()
  else response.status(403).type('text').send('refused: the request comes from a page of another site\n')
}
