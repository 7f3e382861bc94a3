import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { onlyForKnownHosts, type KnownHosts } from '../lib/http/hosts.ts'
import { servedAt, type Served, type ServedPaths } from '../lib/http/served-paths.ts'
import { routeOf } from '../tokens/route-scopes.ts'
import type { Audit } from './audit.ts'
import type { Identity } from './caller.ts'
import { ownHeaders } from './headers.ts'
import type { Identify } from './identify.ts'
import { remember, visitorOf } from './visitors.ts'

export interface DoorOptions {
  readonly identify: Identify
  readonly hosts: KnownHosts
  /** Below which paths the routes are found. */
  readonly paths: ServedPaths
  /** Where they are found too, unless there is a prefix: the path of the external URL, without a slash at its end. */
  readonly externalPath: string
  /** The path below which everything is that a host has, where it is the host of a public page. */
  readonly pathOfHost: (host: string) => string | undefined
  /** Sent with every answer. */
  readonly headers: () => Readonly<Record<string, string>>
  readonly audit: Audit
}

/**
 * What every request passes before anything else sees it: here is found out what it asks for and who sends it. Whether they
 * may is decided later by the guard, where an answer can be given in the form that the route's clients expect.
 */
export function createDoor(options: DoorOptions): (inside: RequestListener) => RequestListener {
  const { identify, hosts, paths, externalPath, pathOfHost, headers, audit } = options
  return (inside) => {
    const known = onlyForKnownHosts(
      inside,
      hosts,
      (request) => visitorOf(request).caller !== undefined || ofPage(request, pathOfHost) !== undefined,
    )
    return (request, response) => {
      ownHeaders(response, headers())
      if (!isPlain(request)) {
        response.writeHead(400, plainText).end('the request does not name a path\n')
        return
      }
      const below = ofPage(request, pathOfHost)
      // Before anything else is decided: whatever is asked for on such a host is a part of its page, or it is not there.
      const served =
        below === undefined
          ? servedAt(request.url ?? '', paths, externalPath)
          : { url: `${below}${request.url ?? ''}` }
      if (served === 'nowhere' || 'redirect' in served) {
        sendElsewhere(response, served, paths)
        return
      }
      request.url = served.url
      const [path = ''] = served.url.split('?', 1)
      const route = routeOf(request.method ?? '', path)
      const token = route.tokenInQuery === true ? takeFromQuery(request) : undefined
      const enter = (identity: Identity): void => {
        remember(request, { ...identity, route })
        audit.request(request, response, path)
        known(request, response)
      }
      const identity = identify(request, token)
      if (!(identity instanceof Promise)) {
        enter(identity)
        return
      }
      identity.then(enter, (error: unknown) => {
        audit.failed(error)
        response.writeHead(500, plainText).end('internal error: see the log of Probity for details\n')
      })
    }
  }
}

function ofPage(
  { headers: { host = '' } }: IncomingMessage,
  pathOfHost: DoorOptions['pathOfHost'],
): string | undefined {
  return pathOfHost(host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, ''))
}

const plainText = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' }

/**
 * Whether a request names a path in the one way in which everything after this reads it; one that names a whole URL is
 * changed so that it does. Two readings of the same path would be a way around the guard.
 */
function isPlain(request: IncomingMessage): boolean {
  const { url = '' } = request
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) {
    const { pathname, search } = new URL(url)
    request.url = `${pathname}${search}`
  }
  return /^\/[^#\s]*$/.test(request.url ?? '')
}

/** Answers what is asked for outside the prefix, or where metrics are not. */
function sendElsewhere(
  response: ServerResponse,
  served: Exclude<Served, { readonly url: string }>,
  { routePrefix = '', telemetryPath = '/metrics' }: ServedPaths,
): void {
  if (served === 'nowhere')
    response
      .writeHead(404, plainText)
      .end(
        `no page here: everything is below ${routePrefix}/, and metrics are at ${routePrefix}${telemetryPath}\n`,
      )
  else response.writeHead(302, { ...plainText, Location: served.redirect }).end()
}

/** Takes `token` out of the URL, so that nothing that comes after can log it. */
function takeFromQuery(request: IncomingMessage): string | undefined {
  const { url = '' } = request
  const mark = url.indexOf('?')
  if (mark === -1) return undefined
  const query = new URLSearchParams(url.slice(mark + 1))
  const token = query.get('token')
  if (token === null) return undefined
  query.delete('token')
  request.url = `${url.slice(0, mark)}${query.size === 0 ? '' : `?${query.toString()}`}`
  return token === '' ? undefined : token
}
