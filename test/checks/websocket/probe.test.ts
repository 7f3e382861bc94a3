import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingMessage } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocketServer, type ServerOptions, type WebSocket } from 'ws'
import { renderProbe } from '../../../src/metrics/render.ts'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'
import { createWebsocketProber } from '../../../src/checks/websocket/probe.ts'
import { createCertificate } from '../../support/certificates.ts'
import { checkOf } from '../../support/checks.ts'
import { ampleSeconds, slackSeconds } from '../../support/time/patience.ts'
import { startTalkServer } from '../../support/servers/talk-server.ts'
import { aTarget } from '../../support/target.ts'

const authority = createCertificate({ name: 'Test authority', isAuthority: true })
const certificate = createCertificate({ name: 'shop', ip: ['127.0.0.1'], issuer: authority })
const stranger = createCertificate({ name: 'shop', dns: ['other.example'], issuer: authority })

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
})

type Keys = Readonly<Record<string, unknown>>

async function probe(
  websocket: string,
  keys: Keys = {},
  timeoutSeconds = ampleSeconds,
): Promise<ProbeResult> {
  const prober = createWebsocketProber({ authorities: [authority.cert] })
  return runProbe(checkOf('websocket', { websocket, ...keys }), {
    timeoutSeconds,
    probers: { websocket: () => Promise.resolve(prober) },
  })
}

const metricsOf = (result: ProbeResult): string =>
  renderProbe({
    target: aTarget({ check: checkOf('websocket', { websocket: 'ws://127.0.0.1:1/' }) }),
    result,
    timeoutSeconds: 1,
  })

interface Serving extends ServerOptions {
  readonly tls?: { readonly cert: string; readonly key: string }
  readonly onOpen?: (socket: WebSocket) => void
}

/** Starts a WebSocket server. Returns its URL. */
async function serve({ tls, onOpen, ...options }: Serving = {}): Promise<string> {
  const server = tls ? createHttpsServer({ cert: tls.cert, key: tls.key }) : createHttpServer()
  const sockets = new WebSocketServer({ server, ...options })
  sockets.on('connection', (socket) => {
    socket.on('error', () => undefined)
    onOpen?.(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  stops.push(async () => {
    for (const client of sockets.clients) client.terminate()
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  })
  return `${tls ? 'wss' : 'ws'}://127.0.0.1:${(server.address() as AddressInfo).port}/socket`
}

/** Starts a server that does with a connection what it is told to. Returns its URL. */
async function raw(onConnection: (socket: Socket) => void): Promise<string> {
  const server = await startTalkServer(onConnection)
  stops.push(server.stop)
  return `ws://${server.address}/`
}

/** Answers the request for the upgrade as RFC 6455 has it, then does what it is told to. */
const upgraded =
  (then: (socket: Socket) => void) =>
  (socket: Socket): void => {
    socket.once('data', (request: Buffer) => {
      const key = /^Sec-WebSocket-Key: (\S+)/im.exec(request.toString())?.[1] ?? ''
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      )
      then(socket)
    })
  }

/** Writes the same for as long as anybody takes it. */
function flood(socket: Socket, bytes: Buffer): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(bytes));
    socket.once('drain', more)
  }
  more()
}

describe('a server that upgrades', () => {
  it('succeeds, with the time of each phase', async () => {
    const result = await probe(await serve())
    expect(result).toMatchObject({ success: true, websocket: { statusCode: 101, upgraded: true } })
    expect(Object.keys(result.phases!)).toEqual(['resolve', 'connect', 'processing'])
    const text = metricsOf(result)
    expect(text).toContain('\nprobe_websocket_status_code 101\n')
    expect(text).toContain('\nprobe_websocket_connection_upgraded 1\n')
    expect(text).toContain('\nprobe_websocket_failed_due_to_regex 0\n')
    expect(text).toMatch(/^probe_websocket_duration_seconds\{phase="processing"\} 0\.\d+$/m)
  })

  it('succeeds over TLS, with its certificate', async () => {
    const result = await probe(await serve({ tls: certificate }))
    expect(result).toMatchObject({ success: true, tls: { verified: true } })
    expect(metricsOf(result)).toContain('\nprobe_ssl_earliest_cert_expiry ')
  })

  it('is sent headers, credentials and subprotocols', async () => {
    let seen: Record<string, unknown> = {}
    const url = await serve({
      handleProtocols: (offered) => [...offered][1] ?? false,
      verifyClient: ({ req }: { req: IncomingMessage }) => {
        seen = { ...req.headers, path: req.url }
        return true
      },
    })
    const subprotocols = ['v2.example', 'v1.example']
    const keys = {
      headers: { Origin: 'https://shop.example', Host: 'shop.example' },
      auth: { bearer: 'abc' },
      subprotocols,
    }
    expect(await probe(`${url}?room=1`, keys)).toMatchObject({ success: true })
    expect(seen).toMatchObject({
      path: '/socket?room=1',
      origin: 'https://shop.example',
      host: 'shop.example',
      authorization: 'Bearer abc',
      'sec-websocket-protocol': 'v2.example,v1.example',
      'sec-websocket-version': '13',
    })
    expect(seen).not.toHaveProperty('sec-websocket-extensions')
    expect(await probe(url.replace('://', '://me:p%40ss@'))).toMatchObject({ success: true })
    expect(seen['authorization']).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`)
  })
})

describe('a dialogue', () => {
  const echo = (socket: WebSocket): void => {
    socket.send('welcome 1234')
    socket.on('message', (data: Buffer) => {
      socket.send('noise')
      socket.send(Buffer.from(`you said ${data.toString()}`), { binary: true })
    })
  }

  it('goes on from message to message', async () => {
    const dialogue = [
      { expect: '^welcome (?P<id>\\d+)$', send: '{"id":$<id>}', labels: { id: '$1' } },
      { expect: '^you said \\{"id":1234\\}$' },
    ]
    const result = await probe(await serve({ onOpen: echo }), { dialogue })
    expect(result).toMatchObject({ success: true, dialogue: { info: [{ id: '1234' }] } })
    expect(Object.keys(result.phases!)).toContain('transfer')
    expect(metricsOf(result)).toContain('\nprobe_expect_info{id="1234"} 1\n')
  })

  it('fails when the server closes before a message matches', async () => {
    const url = await serve({
      onOpen: (socket) => {
        socket.send('private')
        socket.close(1013)
      },
    })
    const result = await probe(url, { dialogue: [{ expect: 'ready' }] })
    expect(result.failure).toEqual({
      reason: 'body',
      message:
        'step 1: expected a message that matches "ready", but the server closed (code 1013) after 1 message',
    })
    expect(metricsOf(result)).toContain('\nprobe_websocket_failed_due_to_regex 1\n')
  })

  it('ends at the deadline when no message matches', async () => {
    const result = await probe(await serve({ onOpen: echo }), { dialogue: [{ expect: 'ready' }] }, 0.4)
    expect(result.failure).toEqual({
      reason: 'timeout',
      message:
        'no answer within 0.4s while waiting for a message that matches "ready" (step 1 of its dialogue)',
    })
  })

  it('fails when the connection breaks', async () => {
    const url = await raw(upgraded((socket) => socket.end(Buffer.from([0xff, 0xff, 0xff]))))
    const result = await probe(url, { dialogue: [{ expect: 'ready' }] })
    expect(result.failure?.reason).toBe('protocol')
  })
})

describe('a server that does not', () => {
  it.each([
    [200, 'expected 101 (the upgrade to WebSocket), got 200 OK'],
    [301, 'expected 101 (the upgrade to WebSocket), got 301 Moved Permanently'],
    [401, 'expected 101 (the upgrade to WebSocket), got 401 Unauthorized'],
    [503, 'expected 101 (the upgrade to WebSocket), got 503 Service Unavailable'],
  ])('answers %i', async (code, message) => {
    const url = await raw((socket) => {
      const reason = message.replace(/^.*got \d+ /, '')
      socket.once('data', () =>
        socket.end(
          `HTTP/1.1 ${code} ${reason}\r\nLocation: ws://127.0.0.1:1/\r\nContent-Length: 2\r\n\r\nno`,
        ),
      )
    })
    const result = await probe(url)
    expect(result).toMatchObject({
      failure: { reason: 'status', message },
      websocket: { statusCode: code, upgraded: false },
    })
    expect(metricsOf(result)).toContain(`\nprobe_websocket_status_code ${code}\n`)
  })

  it('chooses no subprotocol', async () => {
    const result = await probe(await serve({ handleProtocols: () => false }), { subprotocols: 'v1' })
    expect(result.failure).toEqual({
      reason: 'protocol',
      message: 'the server does not follow the WebSocket protocol: Server sent no subprotocol',
    })
  })

  it('has a certificate for another name', async () => {
    const result = await probe(await serve({ tls: stranger }))
    expect(result.failure).toEqual({
      reason: 'certificate',
      message: 'the certificate is not for 127.0.0.1, but for other.example',
    })
    expect(metricsOf(result)).toContain('\nprobe_ssl_earliest_cert_expiry ')
  })

  it('speaks no TLS', async () => {
    const url = (await serve()).replace('ws:', 'wss:')
    expect((await probe(url)).failure?.reason).toBe('tls')
  })

  it('is not there', async () => {
    const url = await serve()
    await stops.pop()!()
    expect((await probe(url)).failure?.reason).toBe('connect')
  })

  it('never answers', async () => {
    const result = await probe(await raw((socket) => socket.resume()), {}, 0.3)
    expect(result.failure).toEqual({
      reason: 'timeout',
      message: 'no answer within 0.3s while waiting for the upgrade to WebSocket',
    })
  })

  it('closes without a word', async () => {
    const result = await probe(await raw((socket) => void socket.once('data', () => socket.end())))
    expect(result.failure?.reason).toBe('connect')
  })

  it('has its own key', async () => {
    const url = await raw((socket) => {
      socket.once('data', () =>
        socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n',
        ),
      )
    })
    expect((await probe(url)).failure).toEqual({
      reason: 'protocol',
      message: 'the server does not follow the WebSocket protocol: Invalid Sec-WebSocket-Accept header',
    })
  })
})

describe('a hostile server', () => {
  const dialogue = [{ expect: 'never' }]

  it.each<[string, string, (socket: Socket) => void]>([
    ['random bytes', 'protocol', (socket) => void socket.end(randomBytes(5000))],
    [
      'headers without end',
      'protocol',
      (socket) => {
        socket.write('HTTP/1.1 101 Switching Protocols\r\n')
        flood(socket, Buffer.from('X: y\r\n'.repeat(1000)))
      },
    ],
    [
      'messages without end',
      'size',
      upgraded((socket) => {
        flood(socket, Buffer.concat(Array.from({ length: 500 }, () => Buffer.from([0x81, 1, 0x61]))))
      }),
    ],
    [
      'one message of gigabytes',
      'size',
      upgraded((socket) => {
        socket.write(Buffer.from([0x82, 127, 0, 0, 0, 4, 0, 0, 0, 0]))
        flood(socket, Buffer.alloc(65_536))
      }),
    ],
    [
      'a message in parts without end',
      'size',
      upgraded((socket) => {
        socket.write(Buffer.from([0x01, 0]))
        flood(socket, Buffer.concat([Buffer.from([0x00, 126, 0xff, 0xff]), Buffer.alloc(65_535, 0x61)]))
      }),
    ],
    [
      'pings without end',
      'size',
      upgraded((socket) => {
        flood(socket, Buffer.concat(Array.from({ length: 500 }, () => Buffer.from([0x89, 0]))))
      }),
    ],
    [
      'a masked frame',
      'protocol',
      upgraded((socket) => void socket.write(Buffer.from([0x81, 0x81, 1, 2, 3, 4, 5]))),
    ],
    [
      'text that is not UTF-8',
      'protocol',
      upgraded((socket) => void socket.write(Buffer.from([0x81, 2, 0xc3, 0x28]))),
    ],
  ])('sends %s', async (_name, reason, act) => {
    const result = await probe(
      await raw((socket) => {
        socket.on('data', () => undefined)
        act(socket)
      }),
      { dialogue },
    )
    expect(result.failure?.reason).toBe(reason)
    expect(result.durationSeconds).toBeLessThan(slackSeconds)
  })

  it('sends large messages without end, of which no more than a bounded part is taken in', async () => {
    const frame = Buffer.concat([Buffer.from([0x81, 126, 0xff, 0xff]), Buffer.alloc(65_535, 0x61)])
    const url = await raw(
      upgraded((socket) => {
        flood(socket, frame)
      }),
    )
    const { failure } = await probe(url, { dialogue })
    expect(failure).toEqual({ reason: 'size', message: 'the server sent more than 1024 KiB' })
  })

  it('sends bytes so slowly that there is no end', async () => {
    let timer: NodeJS.Timeout | undefined
    const url = await raw((socket) => {
      timer = setInterval(() => socket.write('H'), 50)
      socket.once('close', () => {
        clearInterval(timer)
      })
    })
    const result = await probe(url, {}, 0.5)
    expect(['timeout', 'protocol']).toContain(result.failure?.reason)
    expect(result.durationSeconds).toBeLessThan(0.5 + slackSeconds)
  })
})
