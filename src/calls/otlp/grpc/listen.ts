import { once } from 'node:events'
import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { messageOf, ProbityError } from '../../../lib/errors.ts'
import type { ListenAddress, Listening } from '../../../lib/http/listen.ts'
import { shareConnections } from '../../../lib/http/share-connections.ts'
import type { ServingTls } from '../../../lib/http/serving-tls.ts'
import { answerCall, type Handler } from './answer.ts'

/** What clients may take up. */
export interface GrpcLimits {
  readonly connections: number
  /** Calls at the same time on one connection. */
  readonly streams: number
  /** Milliseconds after which a connection without any traffic is closed. */
  readonly idleMs: number
  /** Milliseconds in which the handshake of TLS has to be over. */
  readonly handshakeMs: number
  /** Milliseconds in which a connection has to be used for the first time. */
  readonly firstCallMs: number
  /** Milliseconds that `stop` waits for calls in progress. */
  readonly drainMs: number
}

export interface GrpcOptions {
  readonly handler: Handler
  /** Called with what a handler throws that is not a GrpcError. */
  readonly onBug: (error: unknown) => void
  /** Default: 256 connections with 32 calls each, 10 minutes, 10 and 30 seconds, and 1 second. */
  readonly limits?: Partial<GrpcLimits>
  /** Default: without. */
  readonly tls?: ServingTls | undefined
}

const defaults: GrpcLimits = {
  connections: 256,
  streams: 32,
  idleMs: 600_000,
  handshakeMs: 10_000,
  firstCallMs: 30_000,
  drainMs: 1000,
}

/** Headers of one call: a token, and a few that proxies add. */
const [maxHeaders, maxHeaderBytes] = [64, 16 * 1024]

function createSecure(
  { context, asksForCertificates, admits, onChange }: ServingTls,
  options: object,
  handshakeTimeout: number,
): Http2SecureServer {
  const server = createSecureServer({
    ...options,
    ...context(),
    handshakeTimeout,
    requestCert: asksForCertificates,
    // Whether it is required, and by whom it must be signed, can change: `admits` decides.
    rejectUnauthorized: false,
  })
  server.prependListener('secureConnection', (socket: TLSSocket) => {
    if (!admits(socket)) socket.destroy()
  })
  server.on('tlsClientError', (_error, socket: TLSSocket) => {
    socket.destroy()
  })
  server.on('unknownProtocol', (socket: TLSSocket) => {
    socket.destroy()
  })
  onChange(() => {
    server.setSecureContext(context())
  })
  return server
}

/**
 * Serves gRPC over HTTP/2. `stop` tells clients to go away (GOAWAY) and lets calls in progress finish.
 *
 * @throws ProbityError `LISTEN_FAILED` when the address cannot be bound.
 */
export async function listenGrpc(
  { handler, onBug, limits = {}, tls }: GrpcOptions,
  { host, port }: ListenAddress,
): Promise<Listening> {
  const { connections, streams, idleMs, handshakeMs, firstCallMs, drainMs } = { ...defaults, ...limits }
  const sessions = new Set<ServerHttp2Session>()
  const options = {
    maxHeaderListPairs: maxHeaders,
    settings: { maxConcurrentStreams: streams, maxHeaderListSize: maxHeaderBytes, enablePush: false },
  }
  const server: Http2Server | Http2SecureServer = tls
    ? createSecure(tls, options, handshakeMs)
    : createServer(options)
  shareConnections(server, connections)
  server.on('session', (session) => {
    sessions.add(session)
    session.setTimeout(idleMs, () => {
      session.destroy()
    })
    // Until it has called once, it may keep nobody else away, whatever it sends: pings do not count.
    const silent = setTimeout(() => {
      session.destroy()
    }, firstCallMs)
    session.once('stream', () => {
      clearTimeout(silent)
    })
    session.once('close', () => {
      clearTimeout(silent)
      sessions.delete(session)
    })
  })
  // What a client gets wrong of HTTP/2 ends its own connection, and concerns nobody else.
  server.on('sessionError', () => undefined)
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    void answerCall(stream, headers, handler, onBug)
  })
  try {
    server.listen({ port, ...(host !== '' && { host }) })
    await once(server, 'listening')
  } catch (cause) {
    const message = `cannot listen for gRPC on ${host}:${port}: ${messageOf(cause)}`
    throw new ProbityError('LISTEN_FAILED', message, { cause })
  }
  const bound = server.address() as AddressInfo
  const shown = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address
  let stopped: Promise<void> | undefined

  async function drain(): Promise<void> {
    const closed = once(server, 'close')
    server.close()
    for (const session of sessions) session.close()
    const cut = setTimeout(() => {
      for (const session of sessions) session.destroy()
    }, drainMs)
    await closed
    clearTimeout(cut)
  }

  return { url: `${tls ? 'https' : 'http'}://${shown}:${bound.port}`, stop: () => (stopped ??= drain()) }
}
