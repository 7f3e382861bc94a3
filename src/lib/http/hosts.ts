import type { IncomingMessage, RequestListener } from 'node:http'
import { isIP } from 'node:net'
import { hostname } from 'node:os'

export interface KnownHosts {
  /** Names of this server in addition to those of its machine: `probity.example.com`, or `*.example.com` for all below it. */
  readonly allowedHosts?: readonly string[]
  /** Where people reach it. */
  readonly externalUrl?: URL
}

/**
 * Answers only requests that name this server as it is known: by an address, as localhost, by the name of the machine, or by a
 * name that is configured. A page of a stranger can let its own name point to this machine; then the browser of a visitor
 * takes what is served here for a part of that page.
 *
 * A request without a host passes: no browser makes one.
 *
 * @param isTrusted Whether a request shows that it is not made by such a page. Default: none does.
 */
export function onlyForKnownHosts(
  handler: RequestListener,
  known: KnownHosts,
  isTrusted: (request: IncomingMessage) => boolean = () => false,
): RequestListener {
  const names = [
    'localhost',
    '*.localhost',
    hostname(),
    ...(known.allowedHosts ?? []),
    ...(known.externalUrl ? [known.externalUrl.hostname] : []),
  ].map((name) => name.toLowerCase())
  return (request, response) => {
    const { host } = request.headers
    if (hostsIn(request.rawHeaders) > 1) {
      response.writeHead(400, plain).end('the request names two hosts\n')
      return
    }
    const name = nameIn(host ?? 'localhost')
    if (name !== undefined && (isKnown(name, names) || isTrusted(request))) {
      handler(request, response)
      return
    }
    const shown = JSON.stringify((host ?? '').slice(0, 100))
    if (name === undefined) {
      response.writeHead(400, plain).end(`Host is ${shown}: expected a host, or host:port\n`)
      return
    }
    const advice = 'list it in --web.allowed-hosts, or set --web.external-url'
    response.writeHead(421, plain).end(`${shown} is not a known name of this server: ${advice}\n`)
  }
}

/** Node.js keeps the first. */
function hostsIn(rawHeaders: readonly string[]): number {
  return rawHeaders.filter(
    (text, index) => index % 2 === 0 && text.length === 4 && text.toLowerCase() === 'host',
  ).length
}

const plain = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' }

/** The name or the address; undefined for what is not a host, or not a port. */
function nameIn(host: string): string | undefined {
  const match = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::\d+)?$/i.exec(host)
  if (!match || !URL.canParse(`http://${host}`)) return undefined
  return (match[1] ?? match[2] ?? '').toLowerCase().replace(/\.$/, '')
}

function isKnown(name: string, names: readonly string[]): boolean {
  if (isIP(name) !== 0) return true
  return names.some((known) => (known.startsWith('*.') ? name.endsWith(known.slice(1)) : name === known))
}
