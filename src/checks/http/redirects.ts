import { targetAsWritten } from './as-written.ts'
import { ProbeFailure } from '../../net/failure.ts'
import { shownUrl, type HttpRequest } from './exchange/request.ts'
import { isExpectedStatus } from './answer/expect.ts'
import type { HttpCheck } from './schema.ts'

/** As many as blackbox_exporter and Go's client follow. */
export const maxRedirects = 10

const redirectCodes = new Set([301, 302, 303, 307, 308])

/** Whether a status asks the client to go elsewhere by itself. */
export function isRedirect(statusCode: number): boolean {
  return redirectCodes.has(statusCode)
}

/** Whether an answer names another place, of whatever scheme. */
export function leadsElsewhere(from: URL, statusCode: number, location: string | undefined): boolean {
  return isRedirect(statusCode) && hasPlace(location) && URL.canParse(location, from.href)
}

function hasPlace(location: string | undefined): location is string {
  return location !== undefined && location !== ''
}

/**
 * Whether an answer is to be followed. Without a place to go to it is the last one if its status is expected: RFC 9110, section
 * 15.4, lets servers leave the place out.
 */
export function isToBeFollowed(
  statusCode: number,
  location: string | undefined,
  { followRedirects, expect }: Pick<HttpCheck, 'followRedirects' | 'expect'>,
): boolean {
  if (!followRedirects || !isRedirect(statusCode)) return false
  return hasPlace(location) || !isExpectedStatus(statusCode, expect.status)
}

/** The method of the next request: HTTP-redirect fetch, step 12, of the Fetch standard. */
export function redirectedMethod(statusCode: number, method: string): string {
  const becomesGet =
    ((statusCode === 301 || statusCode === 302) && method === 'POST') ||
    (statusCode === 303 && method !== 'GET' && method !== 'HEAD')
  return becomesGet ? 'GET' : method
}

/**
 * Where a redirect leads. A fragment has no part in a request, and userinfo that a server hands out is not used.
 *
 * @throws ProbeFailure `redirect`.
 */
export function redirectedUrl(from: URL, location: string | undefined): URL {
  const source = shownUrl(from)
  if (!hasPlace(location)) {
    throw new ProbeFailure('redirect', `${source} redirects without a Location header`)
  }
  if (!URL.canParse(location, from.href)) {
    throw new ProbeFailure('redirect', `${source} redirects to an invalid URL`)
  }
  const url = new URL(location, from)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ProbeFailure(
      'redirect',
      `${source} redirects to a ${url.protocol.slice(0, 40)} URL, expected http: or https:`,
    )
  }
  url.username = url.password = url.hash = ''
  return url
}

/**
 * The headers that may follow a redirect to another origin. Any other may hold a credential: besides `Authorization` and
 * `Cookie`, API keys come under names that nobody can list.
 */
const harmlessHeaders = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'cache-control',
  'content-language',
  'content-type',
  'user-agent',
])

/**
 * The request that a redirect asks for.
 *
 * @throws ProbeFailure `redirect`.
 */
export function redirected(
  request: HttpRequest,
  statusCode: number,
  location: string | undefined,
): HttpRequest {
  const url = redirectedUrl(request.url, location)
  const method = redirectedMethod(statusCode, request.method)
  const sameMethod = method === request.method
  const sameOrigin = url.origin === request.url.origin
  const headers = Object.entries(request.headers).filter(
    ([name]) => sameMethod || !name.startsWith('content-'),
  )
  const allowed = headers.filter(([name]) => sameOrigin || harmlessHeaders.has(name))
  const target = targetAsWritten(location ?? '', request.url)
  return {
    url,
    ...(target !== undefined && { target }),
    method,
    headers: Object.fromEntries(allowed),
    ...(sameMethod && request.body !== undefined && { body: request.body }),
    withheld: request.withheld || allowed.length < headers.length,
  }
}
