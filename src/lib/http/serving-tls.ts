import type { IncomingMessage, RequestListener } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { Socket } from 'node:net'
import type { SecureContextOptions, TLSSocket } from 'node:tls'
import type { RequestLimits } from './request-limits.ts'

/** How a server speaks TLS, which can change while it runs. */
export interface ServingTls {
  /** What is in force now. */
  readonly context: () => SecureContextOptions
  /** Whether clients are asked for certificates. */
  readonly asksForCertificates: boolean
  /** Whether a client may go on, now that its certificate is known. */
  readonly admits: (socket: TLSSocket) => boolean
  /** Calls a listener when the context has changed. */
  readonly onChange: (listener: () => void) => void
}

/** A server of HTTPS, and the connections whose handshake is not finished. */
export interface TlsServer {
  readonly server: Server
  readonly handshaking: ReadonlySet<Socket>
}

/** Makes a server that does not listen yet. New connections get the context that is in force when they come. */
export function createTlsServer(
  handler: RequestListener,
  { context, asksForCertificates, admits, onChange }: ServingTls,
  limits: RequestLimits,
): TlsServer {
  const server = createServer(
    {
      ...limits,
      ...context(),
      handshakeTimeout: limits.headersTimeout,
      requestCert: asksForCertificates,
      // Whether it is required, and by whom it must be signed, can change: `admits` decides.
      rejectUnauthorized: false,
    },
    (request: IncomingMessage, response) => {
      // What was sent before the end of the handshake was known.
      if (!request.socket.destroyed) handler(request, response)
    },
  )
  const handshaking = new Set<Socket>()
  const places = new Map<string, Socket>()
  const placeOf = ({ remoteAddress, remotePort }: Socket): string =>
    `${remoteAddress ?? ''} ${remotePort ?? ''}`
  server.on('connection', (socket: Socket) => {
    const place = placeOf(socket)
    handshaking.add(socket)
    places.set(place, socket)
    socket.once('close', () => {
      handshaking.delete(socket)
      places.delete(place)
    })
  })
  server.prependListener('secureConnection', (socket) => {
    const raw = places.get(placeOf(socket))
    if (raw) handshaking.delete(raw)
    if (!admits(socket)) socket.destroy()
  })
  // Most often a client that speaks another protocol; it is nobody's mistake here.
  server.on('tlsClientError', (_error, socket) => {
    socket.destroy()
  })
  onChange(() => {
    server.setSecureContext(context())
    server.closeIdleConnections()
  })
  return { server, handshaking }
}
