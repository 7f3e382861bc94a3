import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import express from 'express'
import { createCollector, type Collector } from '../../../src/calls/collector.ts'
import { HeldBodies } from '../../../src/calls/held-bodies.ts'
import { createIntake } from '../../../src/calls/otlp/intake.ts'
import { otlpRoute } from '../../../src/calls/otlp/route.ts'
import { fieldsOf } from '../../../src/calls/otlp/protobuf.ts'
import { listenHttp, type Listening } from '../../../src/lib/http/listen.ts'
import { protobuf, stable, start, type SpanOptions, type Values } from '../support/spans.ts'
import { aCallTarget, sample, seriesOf } from '../support/calls.ts'

let collector: Collector
let server: Listening

beforeEach(async () => {
  collector = createCollector({ clock: { now: () => 0, monotonic: () => 0 } })
  collector.setTargets([
    aCallTarget('charges', { host: '^api\\.stripe\\.com$', path: '^/v1/charges$', method: '^POST$' }),
  ])
  server = await listenHttp(express().use(otlpRoute(createIntake(collector), new HeldBodies())), {
    host: '127.0.0.1',
    port: 0,
  })
})

afterEach(async () => {
  await server.stop()
})

const anyJson = (value: string | number | boolean): object =>
  typeof value === 'string'
    ? { stringValue: value }
    : typeof value === 'number'
      ? { intValue: String(value) }
      : { boolValue: value }

function json(resource: Values, spans: readonly SpanOptions[]): string {
  const attributes = (values: Values): object[] =>
    Object.entries(values).map(([key, value]) => ({ key, value: anyJson(value) }))
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: attributes(resource) },
        scopeSpans: [
          {
            spans: spans.map((span) => ({
              ...(span.traceId !== undefined && { traceId: span.traceId }),
              kind: span.kind ?? 3,
              name: span.name ?? 'a span',
              startTimeUnixNano: String(span.start ?? start),
              endTimeUnixNano: String(span.end ?? start + 150_000_000n),
              attributes: attributes(span.attributes),
              ...(span.status !== undefined && { status: { code: span.status } }),
            })),
          },
        ],
      },
    ],
  })
}

const encodings = [
  { type: 'application/json', encode: json },
  { type: 'application/x-protobuf', encode: protobuf },
] as const

async function post(
  type: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<{ status: number; type: string | null; bytes: Buffer }> {
  const response = await fetch(`${server.url}/v1/traces`, {
    method: 'POST',
    body,
    headers: { 'Content-Type': type, ...headers },
  })
  const bytes = Buffer.from(await response.arrayBuffer())
  return { status: response.status, type: response.headers.get('content-type'), bytes }
}

const program = { 'service.name': 'shop', 'service.version': '1.2.0' }
const count = (outcome: string): number | undefined =>
  sample(
    [...collector.metrics()].join(''),
    `api_call_duration_seconds_count{target="charges",caller="shop",version="1.2.0",outcome="${outcome}"}`,
  )

describe.each(encodings)('OTLP as $type', ({ type, encode }) => {
  it('keeps the trace of the newest call of each bucket, which OpenMetrics shows as its exemplar', async () => {
    const span = (traceId: string, milliseconds: bigint, attributes: Values = stable): SpanOptions => ({
      attributes,
      traceId,
      end: start + milliseconds * 1_000_000n,
    })
    const [older, newer, slow] = ['0A'.repeat(16), '0b'.repeat(16), '0c'.repeat(16)] as const
    const spans = [span(older, 140n), span(newer, 150n), span(slow, 40_000n)]
    await post(type, encode(program, spans))
    // What is not an ID, and what is one of a call that is not counted.
    await post(type, encode(program, [span('0'.repeat(32), 60n), span('0d'.repeat(8), 60n)]))
    const text = [...collector.metrics({ scrape: false, format: 'openMetrics' })].join('')
    const labels = 'target="charges",caller="shop",version="1.2.0",outcome="ok"'
    const buckets = text.split('\n').filter((line) => line.includes('_bucket') && line.includes('"ok"'))
    expect(buckets.filter((line) => line.includes(' # '))).toEqual([
      `api_call_duration_seconds_bucket{${labels},le="0.15"} 4 # {trace_id="${newer}"} 0.15 0`,
      `api_call_duration_seconds_bucket{${labels},le="+Inf"} 5 # {trace_id="${slow}"} 40 0`,
    ])
    expect([...collector.metrics()].join('')).not.toContain(' # ')
  })

  it('makes a call of an HTTP request of a program, without its query and its credentials', async () => {
    const answer = await post(type, encode(program, [{ attributes: stable }]))
    expect(answer).toMatchObject({ status: 200, type })
    expect(answer.bytes.toString()).toBe(type === 'application/json' ? '{}' : '')
    const text = [...collector.metrics()].join('')
    expect(count('ok')).toBe(1)
    expect(sample(text, 'api_calls_over_limit_total{target="charges",caller="shop",version="1.2.0"}')).toBe(1)
    expect(
      sample(
        text,
        'api_call_duration_seconds_sum{target="charges",caller="shop",version="1.2.0",outcome="ok"}',
      ),
    ).toBeCloseTo(0.15, 9)
    expect(sample(text, 'api_call_messages_total{protocol="otlp",result="accepted"}')).toBe(1)
    expect(text).not.toMatch(/secret|pass/)
  })

  it('knows the older semantic conventions', async () => {
    const older: Values[] = [
      { 'http.method': 'POST', 'http.url': 'https://api.stripe.com/v1/charges', 'http.status_code': 503 },
      {
        'http.method': 'POST',
        'http.host': 'api.stripe.com:443',
        'http.target': '/v1/charges?a=b',
        'http.status_code': 200,
      },
      { 'http.method': 'POST', 'net.peer.name': 'api.stripe.com', 'http.target': '/v1/charges' },
    ]
    await post(
      type,
      encode(
        program,
        older.map((attributes) => ({ attributes })),
      ),
    )
    expect([count('ok'), count('error'), count('unknown')]).toEqual([1, 1, 1])
  })

  it('tells a failure from a status that the target may expect', async () => {
    const withoutStatus = {
      'http.request.method': stable['http.request.method'],
      'url.full': stable['url.full'],
    }
    await post(
      type,
      encode(program, [
        { attributes: { ...stable, 'http.response.status_code': 404, 'error.type': '404' }, status: 2 },
        { attributes: { ...stable, 'error.type': 'TimeoutError' }, status: 2 },
        { attributes: { ...withoutStatus, 'error.type': 'ECONNREFUSED' }, status: 2 },
        { attributes: withoutStatus, status: 2 },
        { attributes: withoutStatus, status: 0 },
      ]),
    )
    expect([count('ok'), count('error'), count('unknown')]).toEqual([1, 3, 1])
  })

  it.each([
    ['NotFoundException', 'ok'],
    ['org.springframework.web.client.HttpClientErrorException$NotFound', 'ok'],
    ['stripe.error.CardError', 'ok'],
    ['_OTHER', 'ok'],
    ['Error', 'ok'],
    ['Exception', 'ok'],
    ['java.net.SocketTimeoutException', 'error'],
    ['requests.exceptions.ConnectionError', 'error'],
    ['ECONNRESET', 'error'],
    ['AbortError', 'unknown'],
  ] as const)(
    'a 404 with the error %s is %s: its class says no more than the status, or what broke',
    async (error, outcome) => {
      const attributes = { ...stable, 'http.response.status_code': 404, 'error.type': error }
      await post(type, encode(program, [{ attributes, status: 2 }]))
      expect(count(outcome)).toBe(1)
    },
  )

  it.each([429, 503])('%d stays an error, whatever the class of the error', async (status) => {
    const attributes = { ...stable, 'http.response.status_code': status, 'error.type': 'ServiceException' }
    await post(type, encode(program, [{ attributes, status: 2 }]))
    expect(count('error')).toBe(1)
  })

  it('takes a URL that is only a path together with the host', async () => {
    const path = { 'http.request.method': 'POST', 'http.response.status_code': 200 }
    await post(
      type,
      encode(program, [
        { attributes: { ...path, 'url.full': '/v1/charges', 'server.address': 'api.stripe.com' } },
        { attributes: { ...path, 'http.url': '/v1/charges', 'http.host': 'api.stripe.com:443' } },
        { attributes: { ...path, 'server.address': 'api.stripe.com', 'url.path': '/v1/charges' } },
        // Some leave the path out, because it may say who someone is.
        { attributes: { ...path, 'server.address': 'api.stripe.com', 'url.template': '/v1/charges' } },
        { attributes: { ...path, 'server.address': 'api.stripe.com', 'http.route': '/v1/charges' } },
      ]),
    )
    expect(count('ok')).toBe(5)
  })

  it.each([
    {
      attributes: { 'rpc.service': 'pay.Payments', 'rpc.method': 'Charge' },
      operation: 'pay.Payments/Charge',
    },
    { attributes: { 'rpc.method': 'pay.Payments/Charge' }, operation: 'pay.Payments/Charge' },
    {
      attributes: { 'db.system.name': 'postgresql', 'db.operation.name': 'SELECT' },
      operation: 'postgresql/SELECT',
    },
    { attributes: { 'db.system': 'redis' }, operation: 'redis' },
    {
      attributes: { 'messaging.system': 'kafka', 'messaging.operation.name': 'publish' },
      kind: 4,
      operation: 'kafka/publish',
    },
    { attributes: { 'gen_ai.system': 'openai', 'gen_ai.operation.name': 'chat' }, operation: 'openai/chat' },
    { attributes: { 'code.function.name': 'Shop.charge' }, operation: 'Shop.charge' },
    { attributes: {}, operation: 'a span' },
    {
      attributes: {
        'rpc.system': 'aws-api',
        'rpc.service': 'S3',
        'rpc.method': 'GetObject',
        'http.method': 'GET',
        'http.url': 'https://s3.example/',
      },
      operation: 'S3/GetObject',
    },
  ])('calls $operation what is not only an HTTP request', async ({ attributes, kind = 3, operation }) => {
    const answer = await post(
      type,
      encode(program, [{ attributes: { 'server.address': 'db', ...attributes }, kind }]),
    )
    expect(answer.status).toBe(200)
    const text = [...collector.metrics()].join('')
    expect(seriesOf(text, 'api_calls_unmatched_operations_total')).toEqual([
      `api_calls_unmatched_operations_total{operation="${operation}"} 1`,
    ])
    expect(sample(text, 'api_call_messages_total{protocol="otlp",result="accepted"}')).toBe(1)
  })

  it('counts a call once, though the SDK describes it and its request', async () => {
    collector.setTargets([
      aCallTarget('charges', { host: '^api\\.openai\\.com$' }),
      aCallTarget('chat', { operation: '^openai/' }),
      aCallTarget('database', { host: '^db$' }),
    ])
    const host = { 'server.address': 'api.openai.com' }
    const request = {
      ...host,
      'http.request.method': 'POST',
      'url.path': '/v1/chat',
      'http.response.status_code': 200,
    }
    const chat = { ...host, 'gen_ai.system': 'openai', 'gen_ai.operation.name': 'chat' }
    const select = { 'server.address': 'db', 'db.system.name': 'postgresql', 'db.operation.name': 'SELECT' }
    await post(type, encode(program, [{ attributes: request }, { attributes: chat }, { attributes: select }]))
    const text = [...collector.metrics()].join('')
    const ok = (target: string): number | undefined =>
      sample(
        text,
        `api_call_duration_seconds_count{target="${target}",caller="shop",version="1.2.0",outcome="ok"}`,
      )
    expect([ok('charges'), ok('chat'), ok('database')]).toEqual([1, 1, 1])
  })

  it.each([
    { status: 0, outcome: 'ok' },
    { status: 5, outcome: 'ok' },
    { status: 'NOT_FOUND', outcome: 'ok' },
    { status: 14, outcome: 'error' },
    { status: 'RESOURCE_EXHAUSTED', outcome: 'error' },
  ])('judges gRPC by its status: $status', async ({ status, outcome }) => {
    collector.setTargets([aCallTarget('charges', { host: '^pay$', operation: 'Payments/Charge' })])
    const rpc = { 'rpc.service': 'Payments', 'rpc.method': 'Charge', 'server.address': 'pay' }
    const key = typeof status === 'number' ? 'rpc.grpc.status_code' : 'rpc.response.status_code'
    const attributes = { ...rpc, [key]: status, ...(status !== 0 && { 'error.type': String(status) }) }
    await post(type, encode(program, [{ attributes, status: status === 0 ? 0 : 2 }]))
    expect(count(outcome)).toBe(1)
  })

  it('leaves other spans alone, and counts them by the reason', async () => {
    const answer = await post(
      type,
      encode(program, [
        { attributes: stable, kind: 2 },
        { attributes: stable, kind: 1 },
        { attributes: { 'http.request.method': 'GET' } },
        { attributes: stable, end: 0n },
      ]),
    )
    expect(answer.status).toBe(200)
    const text = [...collector.metrics()].join('')
    expect(seriesOf(text, 'api_call_spans_ignored_total')).toEqual([
      'api_call_spans_ignored_total{reason="not_client"} 2',
      'api_call_spans_ignored_total{reason="no_host"} 1',
      'api_call_spans_ignored_total{reason="no_duration"} 1',
    ])
    expect(sample(text, 'api_call_messages_total{protocol="otlp",result="accepted"}')).toBe(0)
    expect(sample(text, 'api_call_messages_total{protocol="otlp",result="malformed"}')).toBe(0)
  })

  it('says how many spans were rejected, and takes the others', async () => {
    const answer = await post(
      type,
      encode(program, [
        { attributes: stable },
        { attributes: stable, end: start - 1n },
        { attributes: stable, end: 0n },
        { attributes: { 'http.request.method': 'GET' } },
      ]),
    )
    expect(answer.status).toBe(200)
    expect(count('ok')).toBe(1)
    const message = 'client spans need a duration from 0 to 86400 s, and those of HTTP a host'
    if (type === 'application/json') {
      expect(JSON.parse(answer.bytes.toString())).toEqual({
        partialSuccess: { rejectedSpans: '3', errorMessage: message },
      })
    } else {
      const [partial] = [...fieldsOf(answer.bytes)]
      const [rejected, words] = [...fieldsOf(partial!.bytes)]
      expect([partial!.number, rejected!.number, rejected!.integer]).toEqual([1, 1, 3n])
      expect([words!.number, Buffer.from(words!.bytes).toString()]).toEqual([2, message])
    }
  })

  it.each([
    ['', 'error'],
    ['OK', 'error'],
    [-1, 'error'],
    [14, 'error'],
    [' 503 ', 'error'],
    [0, 'error'],
    ['404', 'ok'],
  ])(
    'a status that is none (%j) counts as absent: the span says whether it failed',
    async (status, outcome) => {
      const attributes = { ...stable, 'http.response.status_code': status }
      expect((await post(type, encode(program, [{ attributes, status: 2 }]))).status).toBe(200)
      expect(count(outcome)).toBe(1)
      expect(count('unknown')).toBeUndefined()
    },
  )

  it('an empty status is not an answer that failed', async () => {
    await post(type, encode(program, [{ attributes: { ...stable, 'http.response.status_code': '' } }]))
    expect(count('unknown')).toBe(1)
    expect(count('error')).toBeUndefined()
  })

  it.each(['https://', 'http+unix://%2Frun%2Fdocker.sock/v1', 'http://a b/'])(
    'a URL without a valid host (%s) is rejected as one without a host',
    async (url) => {
      await post(type, encode(program, [{ attributes: { ...stable, 'url.full': url } }]))
      const text = [...collector.metrics()].join('')
      expect(sample(text, 'api_call_spans_ignored_total{reason="no_host"}')).toBe(1)
      expect(sample(text, 'api_call_messages_total{protocol="otlp",result="malformed"}')).toBe(0)
    },
  )

  it.each(['', 'M-SEARCH1', 'a b', '_OTHER'])('takes a method that is none (%j) as OTHER', async (method) => {
    collector.setTargets([aCallTarget('charges', { method: '^OTHER$' })])
    await post(type, encode(program, [{ attributes: { ...stable, 'http.request.method': method } }]))
    expect(count('ok')).toBe(1)
  })

  it('counts a span without a name', async () => {
    collector.setTargets([aCallTarget('charges', { operation: '^unnamed$' })])
    await post(type, encode(program, [{ name: ' ', attributes: {} }]))
    expect(count('ok')).toBe(1)
  })

  it('may be compressed, and is refused when it is too large, cut off or something else', async () => {
    const body = Buffer.from(encode(program, [{ attributes: stable }]))
    const gzip = { 'Content-Encoding': 'gzip' }
    expect((await post(`${type}; charset=utf-8`, gzipSync(body), gzip)).status).toBe(200)
    expect(count('ok')).toBe(1)
    const cut = await post(type, new Uint8Array(body.subarray(0, body.length - 3)))
    expect(cut).toMatchObject({ status: 400, type })
    expect(cut.bytes.length).toBeGreaterThan(4)
    const tooLarge = new Uint8Array(gzipSync(Buffer.alloc(17 * 1024 * 1024)))
    expect(await post(type, tooLarge, gzip)).toMatchObject({ status: 413, type })
    expect(await post(type, new Uint8Array([1, 2, 3]), gzip)).toMatchObject({ status: 400 })
    expect(count('ok')).toBe(1)
  })

  it('without a service has neither caller nor version', async () => {
    await post(type, encode({}, [{ attributes: stable }]))
    expect(seriesOf([...collector.metrics()].join(''), 'api_calls_over_limit_total')).toEqual([
      'api_calls_over_limit_total{target="charges",caller="",version=""} 1',
    ])
  })
})

describe('OTLP of senders that have only a library for protobuf, or for JSON', () => {
  it('may name kinds and statuses', async () => {
    const body = json(program, [
      { attributes: { ...stable, 'http.response.status_code': 'none' }, status: 2 },
    ])
    const named = body
      .replace('"kind":3', '"kind":"SPAN_KIND_CLIENT"')
      .replace('"code":2', '"code":"STATUS_CODE_ERROR"')
    expect(named).not.toBe(body)
    await post('application/json', named)
    expect(count('error')).toBe(1)
  })

  it('may write numbers as doubles', async () => {
    const body = json(program, [{ attributes: { ...stable, 'http.response.status_code': 503 } }])
    const double = body.replace('"intValue":"503"', '"doubleValue":503.0')
    expect(double).not.toBe(body)
    await post('application/json', double)
    expect(count('error')).toBe(1)
    const bytes = protobuf(program, [{ attributes: { ...stable, 'http.response.status_code': 503.5 } }])
    const at = Buffer.from(bytes).indexOf(Buffer.from(Float64Array.of(503.5).buffer))
    Buffer.from(bytes.buffer).writeDoubleLE(503, at)
    await post('application/x-protobuf', bytes)
    expect(count('error')).toBe(2)
  })
})

describe('OTLP as anything else', () => {
  it.each(['text/plain', 'application/grpc', 'constructor', '__proto__'])('%s is refused', async (type) => {
    expect(await post(type, 'x')).toMatchObject({ status: 415 })
  })

  it.each([
    '[]',
    'null',
    '{"resourceSpans":[null,{"scopeSpans":[{"spans":[1,{"attributes":{}}]}]}]}',
    '{"resourceSpans":7}',
  ])('JSON of another form has no spans: %s', async (body) => {
    expect(await post('application/json', body)).toMatchObject({ status: 200 })
  })
})
