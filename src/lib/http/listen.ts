import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { codeOf, messageOf, ProbityError } from '../errors.ts'
import { clientsAtOnce, openFileLimit } from '../io/file-limit.ts'
import { awaitFirstByte } from './first-byte.ts'
import type { RequestLimits } from './request-limits.ts'
import { createTlsServer, type ServingTls } from './serving-tls.ts'
import { shareConnections } from './share-connections.ts'

/** Where to listen. An empty host means every interface; port 0 means any free port. */
export interface ListenAddress {
  readonly host: string
  readonly port: number
  /** A socket that somebody else has opened, which is listened on instead. */
  readonly fd?: number
}

/** An address for messages. */
export function shownAddress({ host, port, fd }: ListenAddress): string {
  return fd === undefined ? `${host}:${port}` : 'the socket of systemd'
}

/** Reads `host:port`, `:port` or `[::1]:port`, as the Prometheus family writes `--web.listen-address`. */
export function parseListenAddress(text: string): ListenAddress {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  if (match === null || port > 65_535) {
    throw new ProbityError(
      'ADDRESS_INVALID',
      `"${text}" is not a valid listen address: expected host:port or :port, such as 127.0.0.1:9740`,
    )
  }
  return { host: match[1] ?? match[2] ?? '', port }
}

/** A server that runs. */
export interface Listening {
  /** Where it can be reached, without a trailing slash. */
  readonly url: string
  /**
   * Stops accepting, lets requests in flight finish, then resolves. A client that has not sent its whole request within
   * a second is cut. Safe to call twice.
   */
  stop: () => Promise<void>
}

const requestLimits: RequestLimits = {
  // One that sends nothing costs little, as long as it is not closed and comes again.
  silenceTimeout: 60_000,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  // Often, so that few are cut off at a time: each takes up to 0.2 ms, and thousands of them would hold up everything else.
  connectionsCheckingInterval: 250,
}

/**
 * Connections that may wait to be accepted, if the system allows so many. Of more, the system ignores the first packet, and the client
 * sends it again after 1 s, and then after 3 s: a scrape would be late because others connect.
 */
const backlog = 4096

/** Milliseconds that a client has to send the rest of its request when the server stops. */
const lastWordsMs = 1000

/**
 * Serves HTTP, or HTTPS.
 *
 * @param drainMs How long `stop` waits for requests in flight before it cuts their connections. Default 10 s.
 * @param limits What is cut off with 408. Default 10 s for the headers and 30 s for the whole, from its first byte, which may come after 60 s.
 * @param tls Default: without.
 * @throws {@link ProbityError} `LISTEN_FAILED` when the address cannot be bound.
 */
export async function listenHttp(
  handler: RequestListener,
  address: ListenAddress,
  drainMs = 10_000,
  limits: RequestLimits = requestLimits,
  tls?: ServingTls,
): Promise<Listening> {
  const {
    maxConnections = clientsAtOnce(openFileLimit()),
    silenceTimeout = limits.headersTimeout,
    ...timeouts
  } = limits
  const secured = tls && createTlsServer(handler, tls, timeouts)
  const server = secured?.server ?? createServer(timeouts, handler)
  if (!secured) awaitFirstByte(server, silenceTimeout)
  shareConnections(server, maxConnections)
  const unanswered = trackRequests(server, tls ? 'secureConnection' : 'connection')
  try {
    const { host, port, fd } = address
    server.listen(fd === undefined ? { port, backlog, ...(host === '' ? {} : { host }) } : { fd, backlog })
    await once(server, 'listening')
    if (typeof server.address() !== 'object') throw new Error('expected a TCP socket: ListenStream=host:port')
  } catch (cause) {
    server.close()
    const shown = shownAddress(address)
    throw new ProbityError('LISTEN_FAILED', `cannot listen on ${shown}: ${reasonOf(cause)}`, { cause })
  }
  let stopped: Promise<void> | undefined
  return {
    url: urlOf(server, tls ? 'https' : 'http'),
    stop: () => (stopped ??= drain(server, unanswered, drainMs, secured?.handshaking)),
  }
}

/** What keeps people from listening most often, and what to do about it. */
const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program is listening there: stop it, or choose another port',
  EADDRNOTAVAIL:
    'this machine does not have that address: choose one that it has, or leave it out to listen on all of them',
  EACCES: 'this user may not listen on that port: choose 1024 or above',
  ENOTFOUND:
    'there is no host with that name: choose an address of this machine, or leave it out to listen on all of them',
}

/** Why an address cannot be listened on, and what to do. */
export function reasonOf(cause: unknown): string {
  return reasons[codeOf(cause) ?? ''] ?? messageOf(cause)
}

/** The requests of each open connection that have no answer yet. */
type Unanswered = ReadonlyMap<Socket, ReadonlySet<IncomingMessage>>

type AnyServer = Server | NonNullable<ReturnType<typeof createTlsServer>>['server']

function trackRequests(server: AnyServer, connected: 'connection' | 'secureConnection'): Unanswered {
  const unanswered = new Map<Socket, Set<IncomingMessage>>()
  server.on(connected, (socket: Socket | TLSSocket) => {
    unanswered.set(socket, new Set())
    socket.once('close', () => unanswered.delete(socket))
  })
  server.on('request', (request, response) => {
    const requests = unanswered.get(request.socket)
    requests?.add(request)
    response.once('close', () => requests?.delete(request))
  })
  return unanswered
}

async function drain(
  server: AnyServer,
  unanswered: Unanswered,
  drainMs: number,
  handshaking: ReadonlySet<Socket> = new Set(),
): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  // A kept-alive connection that falls idle after its last answer would hold the server open.
  const idle = setInterval(() => {
    server.closeIdleConnections()
  }, 50)
  // One on which no request ever came is not idle to Node.js, and its limits end when the server closes.
  const silent = setTimeout(() => {
    for (const socket of handshaking) socket.destroy()
    for (const [socket, requests] of unanswered) {
      if (![...requests].some(({ complete }) => complete)) socket.destroy()
    }
  }, lastWordsMs)
  const cut = setTimeout(() => {
    server.closeAllConnections()
  }, drainMs)
  await closed
  clearInterval(idle)
  clearTimeout(silent)
  clearTimeout(cut)
}

function urlOf(server: AnyServer, scheme: 'http' | 'https'): string {
  const { address, family, port } = server.address() as AddressInfo
  if (address === '::' || address === '0.0.0.0') return `${scheme}://localhost:${port}`
  return family === 'IPv6' ? `${scheme}://[${address}]:${port}` : `${scheme}://${address}:${port}`
}
