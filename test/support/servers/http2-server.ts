import { once } from 'node:events'
import { createSecureServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo, Server, Socket } from 'node:net'
import { createServer, type TlsOptions, type TLSSocket } from 'node:tls'
import type { Certificate } from '../certificates.ts'
import { atEnd } from '../at-end.ts'
import { stopOf } from './stop-of.ts'

export interface Http2Server {
  /** Without a trailing slash. */
  readonly url: string
  readonly port: number
  /** Connections that are open now. */
  readonly connections: () => number
  readonly stop: () => Promise<void>
}

export type StreamHandler = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void

/** A server that speaks HTTP/2 alone, as Node.js does. */
export async function startHttp2Server(
  { cert, key }: Pick<Certificate, 'cert' | 'key'>,
  onStream: StreamHandler,
): Promise<Http2Server> {
  const server = createSecureServer({ cert, key })
  server.on('sessionError', () => undefined)
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on('error', () => undefined)
    onStream(stream, headers)
  })
  return listen(server)
}

/**
 * A server that agrees to HTTP/2 and then says what a test wants.
 *
 * @param options Of TLS, in addition to the certificate.
 */
export async function startRawHttp2Server(
  { cert, key }: Pick<Certificate, 'cert' | 'key'>,
  onConnection: (socket: TLSSocket) => void,
  options: TlsOptions = { ALPNProtocols: ['h2'] },
): Promise<Http2Server> {
  const server = createServer({ cert, key, ...options }, (socket) => {
    socket.on('error', () => undefined)
    onConnection(socket)
  })
  return listen(server)
}

async function listen(server: Server): Promise<Http2Server> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const running: Http2Server = {
    url: `https://127.0.0.1:${port}`,
    port,
    connections: () => sockets.size,
    stop: stopOf(server, sockets),
  }
  atEnd(running.stop)
  return running
}

/** The types of frames: RFC 9113, section 6. */
const frameTypes = {
  data: 0,
  headers: 1,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const

/** Flags: the end of a stream, and that of its headers. */
export const endStream = 1
export const endHeaders = 4

/** One frame: RFC 9113, section 4.1. */
export function frame(
  type: keyof typeof frameTypes,
  flags = 0,
  stream = 0,
  payload: Uint8Array = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(frameTypes[type], 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** A header that is not compressed: RFC 7541, section 6.2.2. */
export function header(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.from([0]), text(name), text(value)])
}

function text(of: string): Buffer {
  const bytes = Buffer.from(of, 'latin1')
  const length: number[] = []
  if (bytes.length < 127) length.push(bytes.length)
  else {
    length.push(127)
    let rest = bytes.length - 127
    for (; rest > 127; rest >>>= 7) length.push((rest & 127) | 128)
    length.push(rest)
  }
  return Buffer.concat([Buffer.from(length), bytes])
}

/** `:status: 200`, from the static table. */
export const ok = Buffer.from([0x88])

/** An integer of four bytes, as many frames have it. */
export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** Writes for as long as the other side reads. */
export function flood(socket: Socket, chunk: Buffer): void {
  const write = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  }
  socket.on('drain', write)
  write()
}
