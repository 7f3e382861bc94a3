import { once } from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import { messageOf, ProbityError } from '../../../lib/errors.ts'
import type { ListenAddress, Listening } from '../../../lib/http/listen.ts'
import { answerCall, type Handler } from './answer.ts'

/** What clients may take up. */
export interface GrpcLimits {
  readonly connections: number
  /** Calls at the same time on one connection. */
  readonly streams: number
  /** Milliseconds after which a connection without any traffic is closed. */
  readonly idleMs: number
  /** Milliseconds that `stop` waits for calls in progress. */
  readonly drainMs: number
}

export interface GrpcOptions {
  readonly handler: Handler
  /** Called with what a handler throws that is not a GrpcError. */
  readonly onBug: (error: unknown) => void
  /** Default: 256 connections with 32 calls each, 10 minutes, and 1 second. */
  readonly limits?: Partial<GrpcLimits>
}

const defaults: GrpcLimits = { connections: 256, streams: 32, idleMs: 600_000, drainMs: 1000 }

/** Headers of one call: a token, and a few that proxies add. */
const [maxHeaders, maxHeaderBytes] = [64, 16 * 1024]

/**
 * Serves gRPC over HTTP/2 without TLS. `stop` tells clients to go away (GOAWAY) and lets calls in progress finish.
 *
 * @throws ProbityError `LISTEN_FAILED` when the address cannot be bound.
 */
export async function listenGrpc(
  { handler, onBug, limits = {} }: GrpcOptions,
  { host, port }: ListenAddress,
): Promise<Listening> {
  const { connections, streams, idleMs, drainMs } = { ...defaults, ...limits }
  const sessions = new Set<ServerHttp2Session>()
  const server = createServer({
    maxHeaderListPairs: maxHeaders,
    settings: { maxConcurrentStreams: streams, maxHeaderListSize: maxHeaderBytes, enablePush: false },
  })
  server.maxConnections = connections
  server.on('session', (session) => {
    sessions.add(session)
    session.setTimeout(idleMs, () => {
      session.destroy()
    })
    session.once('close', () => sessions.delete(session))
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

  return { url: `http://${shown}:${bound.port}`, stop: () => (stopped ??= drain()) }
}
