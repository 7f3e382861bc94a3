import { once } from 'node:events'
import { createSecureServer } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import { connect, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions, type TLSSocket } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { createCertificate } from '../../../support/certificates.ts'
import { answerTo, framed } from '../../../support/servers/dns-server.ts'
import { startTalkServer } from '../../../support/servers/talk-server.ts'
import { waitFor } from '../../../support/time/wait-for.ts'
import { probeAs, type TlsKind } from './every-tls-kind.ts'

const authority = createCertificate({ name: 'Test authority', isAuthority: true })
const certificate = createCertificate({ name: 'shop', ip: ['127.0.0.1'], issuer: authority })

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
})

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('secureConnection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  stops.push(async () => {
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  })
  return (server.address() as AddressInfo).port
}

/** A server on raw TLS. */
const raw = (onConnection: (socket: TLSSocket) => void) => (options: TlsOptions) =>
  createTlsServer(options, (socket) => {
    socket.on('error', () => undefined)
    onConnection(socket)
  })

/** A gRPC server that answers every call with SERVING. */
const grpc = (options: TlsOptions): Server => {
  const server = createSecureServer(options)
  server.on('sessionError', () => undefined)
  server.on('stream', (stream) => {
    stream.on('error', () => undefined)
    stream.on('wantTrailers', () => {
      stream.sendTrailers({ 'grpc-status': '0' })
    })
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
    stream.end(Buffer.from([0, 0, 0, 0, 2, 8, 1]))
  })
  return server
}

const websocket = (options: TlsOptions): Server => {
  const server = createHttpsServer(options)
  new WebSocketServer({ server }).on('connection', (socket) => socket.on('error', () => undefined))
  return server
}

const http2 = (options: TlsOptions): Server => {
  const server = createSecureServer(options, (_request, response) => {
    response.end('ok')
  })
  server.on('sessionError', () => undefined)
  return server
}

interface Case {
  readonly name: string
  readonly kind: TlsKind
  readonly start: (options: TlsOptions) => Server
  readonly keys?: Readonly<Record<string, unknown>>
}

const silent = raw((socket) => socket.resume())

const cases: readonly Case[] = [
  {
    name: 'HTTP/1.1',
    kind: 'http:',
    start: (options) => createHttpsServer(options, (_request, response) => response.end('ok')),
  },
  { name: 'HTTP/2', kind: 'http:', start: http2, keys: { http2: true } },
  { name: 'a certificate', kind: 'certificate:', start: silent },
  { name: 'a connection', kind: 'tcp: with use_tls', start: silent },
  {
    name: 'a dialogue',
    kind: 'tcp: with use_tls',
    start: raw((socket) => socket.write('220 hello\r\n')),
    keys: { dialogue: [{ expect: '^220' }] },
  },
  { name: 'a WebSocket', kind: 'websocket:', start: websocket },
  { name: 'gRPC', kind: 'grpc:', start: grpc },
  {
    name: 'DNS',
    kind: 'dns: with dot',
    start: raw((socket) => {
      socket.once('data', (query: Buffer) => {
        const record = { type: 1, data: Buffer.from([10, 0, 0, 1]) }
        socket.write(framed(answerTo(query.subarray(2), { answer: [record] })))
      })
    }),
  },
]

/** Passes a connection on, and keeps what the client says. */
async function relay(port: number): Promise<{ at: string; said: Buffer[]; isOver: () => boolean }> {
  const said: Buffer[] = []
  let ended = false
  const server = await startTalkServer((socket) => {
    const onward = connect(port, '127.0.0.1')
    onward.on('error', () => undefined)
    onward.on('data', (chunk: Buffer) => socket.write(chunk))
    onward.once('end', () => socket.end())
    socket.on('data', (chunk: Buffer) => {
      said.push(chunk)
      onward.write(chunk)
    })
    socket.once('close', () => {
      ended = true
      onward.destroy()
    })
  })
  stops.push(server.stop)
  return { at: server.address, said, isOver: () => ended }
}

/** The records of a side of TLS (RFC 8446, section 5.1): the type and the length of each. */
function recordsOf(bytes: Buffer): { readonly type: number; readonly length: number }[] {
  const records = []
  for (let at = 0; at + 5 <= bytes.length; at += 5 + bytes.readUInt16BE(at + 3)) {
    records.push({ type: bytes.readUInt8(at), length: bytes.readUInt16BE(at + 3) })
  }
  return records
}

const alert = 21
/** An alert of TLS 1.3 looks like data: its two bytes, its type, and 16 bytes that authenticate it. */
const hiddenAlert = { type: 23, length: 19 }

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('%s', (version) => {
  it.each(cases)('ends with close_notify for $name', async ({ kind, start, keys }) => {
    const port = await listening(
      start({
        cert: certificate.cert,
        key: certificate.key,
        maxVersion: version,
        ALPNProtocols: ['h2', 'http/1.1'],
      }),
    )
    const { at, said, isOver } = await relay(port)
    const result = await probeAs(kind, at, { tls: { ca: authority.cert }, ...keys })
    expect(result.failure).toBeUndefined()
    await waitFor('the connection to end', isOver)
    const last = recordsOf(Buffer.concat(said)).at(-1)
    expect(last).toEqual(version === 'TLSv1.3' ? hiddenAlert : { type: alert, length: expect.any(Number) })
  })
})
