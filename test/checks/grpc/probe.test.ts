import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttp2Server, type Http2Server, type ServerHttp2Stream } from 'node:http2'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { ServerCredentials, status as codes, type handleUnaryCall } from '@grpc/grpc-js'
import { renderProbe } from '../../../src/metrics/render.ts'
import { createGrpcProber } from '../../../src/checks/grpc/probe.ts'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'
import { createCertificate } from '../../support/certificates.ts'
import { checkOf } from '../../support/checks.ts'
import { startGrpcServer } from '../../support/servers/grpc-server.ts'
import { slackSeconds } from '../../support/time/patience.ts'
import { aTarget } from '../../support/target.ts'

const authority = createCertificate({ name: 'Test authority', isAuthority: true })
const certificate = createCertificate({ name: 'shop', ip: ['127.0.0.1'], issuer: authority })
const expired = createCertificate({
  name: 'shop',
  ip: ['127.0.0.1'],
  issuer: authority,
  notAfter: new Date(Date.now() - 1000),
})
const credentials = (of: { cert: string; key: string }): ServerCredentials =>
  ServerCredentials.createSsl(null, [{ cert_chain: Buffer.from(of.cert), private_key: Buffer.from(of.key) }])

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

type Keys = Readonly<Record<string, unknown>>

async function probe(grpc: string, keys: Keys = {}, timeoutSeconds = 2): Promise<ProbeResult> {
  const prober = createGrpcProber({ authorities: [authority.cert] })
  return runProbe(checkOf('grpc', { grpc, ...keys }), {
    timeoutSeconds,
    probers: { grpc: () => Promise.resolve(prober) },
  })
}

const metricsOf = (result: ProbeResult): string =>
  renderProbe({
    target: aTarget({ check: checkOf('grpc', { grpc: '127.0.0.1:1' }) }),
    result,
    timeoutSeconds: 2,
  })

type Handler = handleUnaryCall<Buffer, Buffer>

const says =
  (...bytes: number[]): Handler =>
  (_call, callback) => {
    callback(null, Buffer.from(bytes))
  }

const ends =
  (code: codes, details: string): Handler =>
  (_call, callback) => {
    callback({ code, details })
  }

async function serving(handler: Handler | undefined, of?: ServerCredentials): Promise<string> {
  const server = await startGrpcServer(handler, of)
  stops.push(server.stop)
  return server.address
}

/** Listens with another server, and ends its connections after the test. */
async function listening(server: Server | Http2Server): Promise<string> {
  const sockets = new Set<Socket>()
  for (const event of ['connection', 'secureConnection']) {
    server.on(event, (socket: Socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
    })
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  stops.push(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('a server that serves', () => {
  it('succeeds, with the time of each phase', async () => {
    const result = await probe(await serving(says(8, 1)))
    expect(result).toMatchObject({
      success: true,
      grpc: { ssl: false, statusCode: 0, servingStatus: 'SERVING' },
    })
    expect(Object.keys(result.phases!)).toEqual(['resolve', 'connect', 'processing'])
    const text = metricsOf(result)
    expect(text).toMatch(/^probe_grpc_duration_seconds\{phase="check"\} 0\.\d+$/m)
    expect(text).toContain('\nprobe_grpc_ssl 0\n')
    expect(text).toContain('\nprobe_grpc_status_code 0\n')
    expect(text).toContain('\nprobe_grpc_healthcheck_response{serving_status="SERVING"} 1\n')
    expect(text).toContain('\nprobe_grpc_healthcheck_response{serving_status="NOT_SERVING"} 0\n')
    expect(text).toContain('\nprobe_ip_protocol 4\n')
  })

  it('is asked for the service, with the metadata, the authority and the time that is left', async () => {
    let seen: unknown[] = []
    const address = await serving((call, callback) => {
      const metadata = call.metadata.getMap()
      const deadline = Number(call.getDeadline()) - Date.now()
      seen = [
        call.request.toString(),
        metadata['x-team'],
        call.getHost(),
        deadline > 1000 && deadline <= 2000,
      ]
      callback(null, Buffer.from([8, 1]))
    })
    const keys = {
      service: 'shop.v1.Cart',
      metadata: { 'X-Team': 'checkout' },
      authority: 'shop.example:443',
    }
    expect(await probe(address, keys)).toMatchObject({ success: true })
    expect(seen).toEqual(['\n\u000cshop.v1.Cart', 'checkout', 'shop.example:443', true])
  })

  it('succeeds over TLS, with its certificate', async () => {
    const result = await probe(await serving(says(8, 1), credentials(certificate)), { use_tls: true })
    expect(result).toMatchObject({ success: true, grpc: { ssl: true }, tls: { verified: true } })
    expect(metricsOf(result)).toContain('\nprobe_grpc_ssl 1\n')
    expect(metricsOf(result)).toContain('\nprobe_ssl_earliest_cert_expiry ')
  })
})

describe('a server that does not', () => {
  it.each([
    ['NOT_SERVING', says(8, 2), {}, 'body', 'expected the server to be SERVING, got NOT_SERVING', 0],
    ['UNKNOWN', says(), { service: 'a.B' }, 'body', 'expected a.B to be SERVING, got UNKNOWN', 0],
    ['SERVICE_UNKNOWN', says(8, 3), {}, 'body', 'expected the server to be SERVING, got SERVICE_UNKNOWN', 0],
    [
      'a status of the future',
      says(8, 4),
      {},
      'protocol',
      'expected a response from the health service, got the status 4, which does not exist',
      0,
    ],
    [
      'an unknown service',
      ends(codes.NOT_FOUND, 'unknown service'),
      { service: 'a.B' },
      'status',
      'the health service does not know a.B (NOT_FOUND): unknown service',
      5,
    ],
    [
      'a refusal',
      ends(codes.UNAUTHENTICATED, 'no\ntoken ☃'),
      {},
      'status',
      'the call ended with UNAUTHENTICATED: no token ☃',
      16,
    ],
    ['no room', ends(codes.UNAVAILABLE, ''), {}, 'status', 'the call ended with UNAVAILABLE', 14],
    [
      'no health service',
      undefined,
      {},
      'status',
      expect.stringMatching(/^the server has no health service \(UNIMPLEMENTED\)/),
      12,
    ],
    [
      'no answer of a health service',
      says(1, 2, 3),
      {},
      'protocol',
      'expected a response from the health service, got a message that is not a health check response',
      0,
    ],
  ] as const)('has %s', async (_name, handler, keys, reason, message, statusCode) => {
    const result = await probe(await serving(handler), keys)
    expect(result).toMatchObject({ success: false, failure: { reason, message }, grpc: { statusCode } })
    expect(metricsOf(result)).toContain(`\nprobe_grpc_status_code ${statusCode}\n`)
  })

  it('never answers', async () => {
    const result = await probe(await serving(() => undefined), {}, 0.5)
    expect(result.failure).toEqual({
      reason: 'timeout',
      message: 'no answer within 0.5s while waiting for the answer from the health service',
    })
    expect(metricsOf(result)).toContain('\nprobe_grpc_status_code 4\n')
  })

  it('is not there', async () => {
    const server = createServer()
    const address = await listening(server)
    stops.splice(0).forEach((stop) => {
      stop()
    })
    const result = await probe(address)
    expect(result.failure?.reason).toBe('connect')
    expect(metricsOf(result)).toContain('\nprobe_grpc_status_code 14\n')
  })

  it('has an expired certificate, which is a metric all the same', async () => {
    const result = await probe(await serving(says(8, 1), credentials(expired)), { use_tls: true })
    expect(result).toMatchObject({ success: false, failure: { reason: 'certificate' } })
    expect(metricsOf(result)).toContain('\nprobe_ssl_earliest_cert_expiry ')
  })

  it('speaks no TLS, or nothing else', async () => {
    expect((await probe(await serving(says(8, 1)), { use_tls: true })).failure?.reason).toBe('tls')
    const secure = await probe(await serving(says(8, 1), credentials(certificate)))
    expect(['connect', 'protocol']).toContain(secure.failure?.reason)
  })
})

describe('something else than a gRPC server', () => {
  it('is an HTTP/1 server', async () => {
    const result = await probe(await listening(createHttpServer((_request, response) => response.end('hi'))))
    expect(result.failure?.reason).toBe('protocol')
    expect(result.failure?.message).toMatch(/^the server does not speak HTTP\/2/)
  })

  it.each([
    [{}, 'protocol', /^127\.0\.0\.1 does not offer HTTP\/2, which gRPC needs \(ALPN\)$/],
    [{ ALPNProtocols: ['http/1.1'] }, 'tls', /no application protocol/],
  ])('is a TLS server without HTTP/2: %j', async (options, reason, message) => {
    const { cert, key } = certificate
    const server = createTlsServer({ cert, key, ...options })
    server.on('tlsClientError', () => undefined)
    const result = await probe(await listening(server), { use_tls: true })
    expect(result.failure?.reason).toBe(reason)
    expect(result.failure?.message).toMatch(message)
  })

  const answers = async (respond: (stream: ServerHttp2Stream) => void): Promise<ProbeResult> => {
    const server = createHttp2Server()
    server.on('stream', (stream: ServerHttp2Stream) => {
      stream.on('error', () => undefined)
      respond(stream)
    })
    return probe(await listening(server))
  }

  it('is a web server that speaks HTTP/2', async () => {
    const page = await answers((stream) => {
      stream.respond({ ':status': 200, 'content-type': 'text/html' })
      stream.end('<h1>hi</h1>')
    })
    expect(page).toMatchObject({
      failure: { reason: 'protocol', message: 'expected a gRPC response, got one of type "text/html"' },
      grpc: { statusCode: 2 },
    })
    const missing = await answers((stream) => {
      stream.respond({ ':status': 404 }, { endStream: true })
    })
    expect(missing).toMatchObject({
      failure: { reason: 'status', message: 'expected a gRPC response, got the HTTP status 404' },
      grpc: { statusCode: 12 },
    })
  })

  it('forgets its status', async () => {
    const result = await answers((stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' })
      stream.end(Buffer.from([0, 0, 0, 0, 2, 8, 1]))
    })
    expect(result.failure?.message).toBe('expected a gRPC response, got one without a status')
  })

  it('says too much', async () => {
    const result = await answers((stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' })
      const more = (): void => {
        while (!stream.destroyed && stream.write(Buffer.alloc(16_384)));
        if (!stream.destroyed) stream.once('drain', more)
      }
      more()
    })
    expect(result.failure).toEqual({ reason: 'size', message: 'the answer has more than 16 KiB' })
  })

  it('breaks the call off, or goes away', async () => {
    const reset = await answers((stream) => {
      stream.close(7)
    })
    expect(reset.failure?.reason).toBe('protocol')
    const away = await answers((stream) => {
      stream.session?.goaway(0, 0)
      stream.session?.destroy()
    })
    expect(away.failure?.reason).toBe('protocol')
  })

  it('sends headers without end', async () => {
    const result = await answers((stream) => {
      const headers = Object.fromEntries(
        Array.from({ length: 200 }, (_, index) => [`x-${index}`, 'y'.repeat(50)]),
      )
      stream.respond({ ':status': 200, ...headers })
    })
    expect(result.success).toBe(false)
  })

  it.each(['random bytes', 'settings without end', 'nothing', 'half a frame', 'settings and no more'])(
    'sends %s',
    async (kind) => {
      const server = createServer((socket) => {
        socket.on('error', () => undefined)
        socket.resume()
        if (kind === 'nothing') socket.end()
        else if (kind === 'random bytes') socket.end(randomBytes(2000))
        else if (kind === 'settings and no more') socket.end(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]))
        else if (kind === 'half a frame') socket.end(Buffer.from([0, 0, 10, 4]))
        else {
          const frames = Buffer.concat(
            Array.from({ length: 1000 }, () => Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])),
          )
          const more = (): void => {
            while (!socket.destroyed && socket.write(frames));
            socket.once('drain', more)
          }
          more()
        }
      })
      const result = await probe(await listening(server), {}, 1)
      expect(result.success).toBe(false)
      expect(result.durationSeconds).toBeLessThan(1 + slackSeconds)
    },
  )
})
