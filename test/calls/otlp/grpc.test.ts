import { once } from 'node:events'
import { connect, constants, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2'
import { connect as connectTcp } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Client, compressionAlgorithms, credentials, Metadata, type ServiceError } from '@grpc/grpc-js'
import { createCollector, type Collector } from '../../../src/calls/collector.ts'
import { framed } from '../../../src/calls/otlp/grpc/message.ts'
import { listenGrpc, type GrpcLimits } from '../../../src/calls/otlp/grpc/listen.ts'
import { tracesHandler } from '../../../src/calls/otlp/grpc/traces.ts'
import { HeldBodies } from '../../../src/calls/held-bodies.ts'
import { createIntake } from '../../../src/calls/otlp/intake.ts'
import { fieldsOf, varintField } from '../../../src/calls/otlp/protobuf.ts'
import type { Listening } from '../../../src/lib/http/listen.ts'
import type { Refusal } from '../../../src/tokens/running-tokens.ts'
import { aCallTarget, sample } from '../support/calls.ts'
import { protobuf, stable, start } from '../support/spans.ts'

const path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export'
const spans = Buffer.from(protobuf({ 'service.name': 'shop' }, [{ attributes: stable }]))
const pass = (bytes: Buffer): Buffer => bytes

let collector: Collector
let server: Listening
let sessions: ClientHttp2Session[]
let bugs: unknown[]
let refusal: (secret: string | undefined) => Refusal | undefined

async function listen(limits: Partial<GrpcLimits> = {}): Promise<void> {
  const tokens = { refusal: (_scope: string, secret: string | undefined) => refusal(secret) }
  const handler = tracesHandler(createIntake(collector), tokens, new HeldBodies())
  const onBug = (error: unknown): void => void bugs.push(error)
  server = await listenGrpc({ handler, onBug, limits }, { host: '127.0.0.1', port: 0 })
}

beforeEach(async () => {
  collector = createCollector({ clock: { now: () => 0, monotonic: () => 0 } })
  collector.setTargets([aCallTarget('charges', { host: '^api\\.stripe\\.com$' })])
  sessions = []
  bugs = []
  refusal = () => undefined
  await listen()
})

afterEach(async () => {
  for (const session of sessions) session.destroy()
  await server.stop()
  expect(bugs).toEqual([])
})

const accepted = (): number | undefined =>
  sample([...collector.metrics()].join(''), 'api_call_messages_total{protocol="otlp",result="accepted"}')

interface Answer {
  readonly code: number
  readonly details?: string
  readonly bytes?: Buffer
}

/** As OpenTelemetry's exporters do it. */
async function exportSpans(
  bytes: Buffer,
  { method = path, token, gzip = false }: { method?: string; token?: string; gzip?: boolean } = {},
): Promise<Answer> {
  const metadata = new Metadata()
  if (token !== undefined) metadata.set('authorization', `Bearer ${token}`)
  const client = new Client(new URL(server.url).host, credentials.createInsecure(), {
    'grpc.default_compression_algorithm': gzip ? compressionAlgorithms.gzip : compressionAlgorithms.identity,
  })
  try {
    return await new Promise((resolve) => {
      client.makeUnaryRequest(method, pass, pass, bytes, metadata, (error: ServiceError | null, answer) => {
        resolve(error ?? { code: 0, bytes: answer ?? Buffer.alloc(0) })
      })
    })
  } finally {
    client.close()
  }
}

function session(): ClientHttp2Session {
  const opened = connect(server.url)
  opened.on('error', () => undefined)
  sessions.push(opened)
  return opened
}

/** A session of another machine. */
function from(localAddress: string): ClientHttp2Session {
  const { hostname: host, port } = new URL(server.url)
  const createConnection = () => connectTcp({ host, port: Number(port), localAddress })
  const opened = connect(server.url, { createConnection }).on('error', () => undefined)
  sessions.push(opened)
  return opened
}

/** Waits until the server has seen what was sent. */
async function seen(client: ClientHttp2Session): Promise<void> {
  if (client.connecting) await once(client, 'connect')
  await new Promise((resolve) => {
    client.ping((...answer) => {
      resolve(answer)
    })
  })
}

/** A call byte by byte: what no library would send. */
async function raw(
  bytes: Buffer,
  headers: Record<string, string> = {},
): Promise<{ status: number | undefined; code: string | undefined; message: string }> {
  const stream = session().request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  })
  stream.on('error', () => undefined)
  stream.resume()
  stream.end(bytes)
  const [answer] = (await once(stream, 'response')) as [IncomingHttpHeaders & { ':status'?: number }]
  return {
    status: answer[':status'],
    code: answer['grpc-status'] as string | undefined,
    message: decodeURIComponent(String(answer['grpc-message'] ?? '')),
  }
}

describe('OTLP over gRPC', () => {
  it.each([true, false])('makes calls of spans; compressed: %s', async (gzip) => {
    expect(await exportSpans(spans, { gzip })).toEqual({ code: 0, bytes: Buffer.alloc(0) })
    const counted = 'api_call_duration_seconds_count{target="charges",caller="shop",version="",outcome="ok"}'
    expect(sample([...collector.metrics()].join(''), counted)).toBe(1)
  })

  it('says how many spans were rejected, and takes the others', async () => {
    const { bytes } = await exportSpans(
      Buffer.from(protobuf({}, [{ attributes: stable }, { attributes: stable, end: start - 1n }])),
    )
    const [partial] = [...fieldsOf(bytes!)]
    const [rejected, words] = [...fieldsOf(partial!.bytes)]
    expect([rejected!.number, rejected!.integer]).toEqual([1, 1n])
    expect(Buffer.from(words!.bytes).toString()).toMatch(/^client spans need a duration/)
    expect(accepted()).toBe(1)
  })

  it('takes a message without spans, and several calls on one connection', async () => {
    expect((await exportSpans(Buffer.alloc(0))).code).toBe(0)
    const streams = [1, 2, 3].map(() => {
      const stream = session().request({
        ':method': 'POST',
        ':path': path,
        'content-type': 'application/grpc',
      })
      stream.resume().end(framed(spans))
      return once(stream, 'trailers')
    })
    for (const [trailers] of (await Promise.all(streams)) as [IncomingHttpHeaders][])
      expect(trailers['grpc-status']).toBe('0')
    expect(accepted()).toBe(3)
  })

  it('refuses other methods', async () => {
    const method = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export'
    expect(await exportSpans(spans, { method })).toMatchObject({
      code: 12,
      details: `only ${path} is served here`,
    })
  })

  it('refuses what is not protobuf, and takes nothing of it', async () => {
    expect((await exportSpans(spans.subarray(0, -3))).code).toBe(3)
    expect((await exportSpans(Buffer.concat([spans, Buffer.of(7)]))).code).toBe(3)
    expect(accepted()).toBe(0)
  })

  it('refuses what is too large, on the wire and once it is unpacked, and too many spans', async () => {
    const large = Buffer.alloc(17 * 1024 * 1024)
    const tooLarge = { code: 8, details: 'a message may have at most 16 MiB' }
    expect(await exportSpans(large)).toMatchObject(tooLarge)
    expect(await exportSpans(large, { gzip: true })).toMatchObject(tooLarge)
    const many = Buffer.alloc(2 * 2_000_001, Buffer.from(varintField(2, 1)))
    expect(await exportSpans(many)).toMatchObject({
      code: 8,
      details: 'a request may have at most 262,144 resources, scopes and other fields',
    })
  })

  const flagged = (message: Buffer): Buffer => {
    const bytes = framed(message)
    bytes[0] = 1
    return bytes
  }
  it.each<[string, Buffer, Record<string, string>, string, string]>([
    ['no message', Buffer.alloc(0), {}, '3', 'the message is missing or cut off'],
    ['half a prefix', Buffer.alloc(3), {}, '3', 'the message is missing or cut off'],
    ['half a message', framed(spans).subarray(0, 40), {}, '3', 'the message is missing or cut off'],
    ['two messages', Buffer.concat([framed(spans), framed(spans)]), {}, '3', 'expected one message'],
    ['a length of 4 GiB', Buffer.alloc(5, 255), {}, '8', 'a message may have at most 16 MiB'],
    ['compression without a name', flagged(gzipSync(spans)), {}, '13', 'does not say how'],
    [
      'an unknown compression',
      flagged(spans),
      { 'grpc-encoding': 'br' },
      '12',
      'compressed with gzip,identity',
    ],
    ['no gzip', flagged(spans), { 'grpc-encoding': 'gzip' }, '3', 'the message is not valid gzip'],
  ])('refuses %s', async (_what, bytes, headers, code, words) => {
    const answer = await raw(bytes, headers)
    expect(answer).toEqual({ status: 200, code, message: expect.stringContaining(words) })
    expect(accepted()).toBe(0)
  })

  it('answers 415 to what is not gRPC', async () => {
    expect(await raw(spans, { 'content-type': 'application/x-protobuf' })).toMatchObject({ status: 415 })
  })

  it('wants the token of the scope of calls', async () => {
    refusal = (secret) =>
      secret === 'sesame'
        ? undefined
        : { status: secret === 'other' ? 403 : 401, words: `refused: ${secret ?? 'no token'}` }
    expect(await exportSpans(spans)).toMatchObject({ code: 16, details: 'refused: no token' })
    expect(await exportSpans(spans, { token: 'other' })).toMatchObject({ code: 7, details: 'refused: other' })
    expect(await exportSpans(spans, { token: 'sesame' })).toMatchObject({ code: 0 })
    expect(accepted()).toBe(1)
  })

  it('reads 8 messages of one address at a time, asks its further clients to try again, and reads those of others', async () => {
    const waiting = Array.from({ length: 8 }, () => {
      const stream = session().request({
        ':method': 'POST',
        ':path': path,
        'content-type': 'application/grpc',
      })
      stream.on('error', () => undefined)
      stream.resume().write(framed(spans).subarray(0, 10))
      return stream
    })
    await Promise.all(waiting.map((stream) => seen(stream.session as ClientHttp2Session)))
    expect(await exportSpans(spans)).toMatchObject({
      code: 14,
      details: expect.stringMatching(/^too many requests at the same time: there are 16 places/),
    })
    const other = from('127.0.0.2').request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
    })
    other.resume().end(framed(spans))
    const [trailers] = (await once(other, 'trailers')) as [IncomingHttpHeaders]
    expect(trailers['grpc-status']).toBe('0')
    for (const stream of waiting) stream.end(framed(spans).subarray(10))
    await Promise.all(waiting.map((stream) => once(stream, 'close')))
    expect(accepted()).toBe(9)
    expect((await exportSpans(spans)).code).toBe(0)
  })

  it('lets calls in progress finish when it stops, and tells clients to go away', async () => {
    await server.stop()
    await listen({ drainMs: 60_000 })
    const client = session()
    const goaway = once(client, 'goaway')
    const stream = client.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc' })
    stream.resume().write(framed(spans).subarray(0, 10))
    await seen(client)
    const stopped = server.stop()
    expect((await goaway)[0]).toBe(constants.NGHTTP2_NO_ERROR)
    const trailers = once(stream, 'trailers') as Promise<[IncomingHttpHeaders]>
    stream.end(framed(spans).subarray(10))
    expect((await trailers)[0]['grpc-status']).toBe('0')
    await stopped
    await server.stop()
    expect(accepted()).toBe(1)
  })

  it('stops although a client never sends its message', async () => {
    await server.stop()
    await listen({ drainMs: 10 })
    const client = session()
    const stream = client.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc' })
    stream.on('error', () => undefined)
    await seen(client)
    await server.stop()
  })

  it('bounds the connections, and the calls of each', async () => {
    await server.stop()
    await listen({ connections: 1, streams: 3 })
    const first = session()
    await once(first, 'remoteSettings')
    expect(first.remoteSettings.maxConcurrentStreams).toBe(3)
    const second = session()
    await once(second, 'close')
    expect(first.destroyed).toBe(false)
  })

  it('leaves connections for other addresses, and closes those that never call', async () => {
    await server.stop()
    await listen({ connections: 4, firstCallMs: 50 })
    const greedy = Array.from({ length: 4 }, () => from('127.0.0.2'))
    expect((await exportSpans(spans)).code).toBe(0)
    for (const one of greedy) if (!one.destroyed) await once(one, 'close')
    const used = from('127.0.0.2')
    const stream = used.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc' })
    stream.resume().end(framed(spans))
    await once(stream, 'trailers')
    const silent = from('127.0.0.3')
    await once(silent, 'close')
    expect(used.destroyed).toBe(false)
  })

  it('outlives clients that speak something else', async () => {
    const answer = await fetch(server.url).catch((error: unknown) => error)
    expect(answer).toBeInstanceOf(Error)
    expect((await exportSpans(spans)).code).toBe(0)
  })

  it('does not start on an address that is taken', async () => {
    const port = Number(new URL(server.url).port)
    const handler = (): Promise<Uint8Array> => Promise.resolve(new Uint8Array())
    await expect(
      listenGrpc({ handler, onBug: () => undefined }, { host: '127.0.0.1', port }),
    ).rejects.toMatchObject({ code: 'LISTEN_FAILED' })
  })
})
