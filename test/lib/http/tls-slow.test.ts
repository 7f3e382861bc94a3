import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { request } from 'node:https'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { listenGrpc } from '../../../src/calls/otlp/grpc/listen.ts'
import { listenHttp } from '../../../src/lib/http/listen.ts'
import type { ServingTls } from '../../../src/lib/http/serving-tls.ts'
import { atEnd } from '../../support/at-end.ts'
import { createCertificate } from '../../support/certificates.ts'

const certificate = createCertificate({ name: 'server', ip: ['127.0.0.1'] })
const tls: ServingTls = {
  context: () => ({ cert: certificate.cert, key: certificate.key }),
  asksForCertificates: false,
  admits: () => true,
  onChange: () => undefined,
}
const limits = { headersTimeout: 200, requestTimeout: 200, connectionsCheckingInterval: 20 }
const here = { host: '127.0.0.1', port: 0 }

const servers = {
  https: async () => {
    const server = await listenHttp((_request, response) => response.end('ok'), here, 1000, limits, tls)
    atEnd(() => server.stop())
    return { port: Number(new URL(server.url).port), works: () => answerOf(server.url) }
  },
  'OTLP/gRPC': async () => {
    const handler = (): Promise<Buffer> => Promise.resolve(Buffer.alloc(0))
    const server = await listenGrpc(
      {
        handler,
        onBug: (error) => {
          throw error
        },
        limits: { handshakeMs: 200, firstCallMs: 200, drainMs: 0 },
        tls,
      },
      here,
    )
    atEnd(() => server.stop())
    return { port: Number(new URL(server.url).port), works: () => greetingOf(server.url) }
  },
}

async function answerOf(url: string): Promise<unknown> {
  const sent = request(url, { agent: false, ca: certificate.cert }).end()
  const [answer] = (await once(sent, 'response')) as [{ statusCode: number; resume: () => void }]
  answer.resume()
  return answer.statusCode
}

/** HTTP/2 begins with the settings of the server. */
async function greetingOf(url: string): Promise<unknown> {
  const session = connectHttp2(url, { ca: certificate.cert })
  await once(session, 'remoteSettings')
  session.destroy()
  return 200
}

/** The first record of a handshake says that 512 bytes follow. */
const halfHello = Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3])

/** Sends byte by byte without an end. */
function drip(socket: Socket, byte: string | Buffer): Socket {
  const timer = setInterval(() => socket.write(byte), 20)
  socket.once('close', () => {
    clearInterval(timer)
  })
  return socket
}

const clients: Readonly<Record<string, (port: number) => Socket>> = {
  'says nothing': (port) => connect(port, '127.0.0.1'),
  'never finishes its hello': (port) => {
    const socket = connect(port, '127.0.0.1')
    socket.write(halfHello)
    return drip(socket, Buffer.alloc(1))
  },
}

/** What begins after the handshake, and does not end: a request of HTTP/1.1, or the greeting of HTTP/2. */
const beginnings = {
  https: ['http/1.1', 'GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: x'],
  'OTLP/gRPC': ['h2', '\0'],
} as const

function afterHandshake(name: keyof typeof servers): typeof clients {
  const [protocol, beginning] = beginnings[name]
  const open = (port: number): Socket =>
    connectTls({ port, host: '127.0.0.1', ca: certificate.cert, ALPNProtocols: [protocol] })
  return {
    'says nothing after the handshake': open,
    'never finishes what it begins after the handshake': (port) => {
      const socket = open(port)
      socket.write(beginning)
      return drip(socket, beginning.slice(-1))
    },
  }
}

describe.each(['https', 'OTLP/gRPC'] as const)('%s', (name) => {
  it.each(Object.entries({ ...clients, ...afterHandshake(name) }))(
    'cuts off a client that %s, and answers others',
    async (_client, begin) => {
      const { port, works } = await servers[name]()
      const slow = begin(port)
        .resume()
        .on('error', () => undefined)
      const closed = new Promise<void>((resolve) =>
        slow.once('close', () => {
          resolve()
        }),
      )

      expect(await works()).toBe(200)
      await closed
    },
  )
})
