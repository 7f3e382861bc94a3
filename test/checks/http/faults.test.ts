import type { HttpPhase } from '../../../src/net/attempt.ts'
import type { FailureReason } from '../../../src/net/failure.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'

import { startFaultServer, type FaultServer } from '../../support/servers/fault-server.ts'
import { hello } from '../../support/servers/faults.ts'
import { httpCheck } from '../../support/http-check.ts'
import { ampleSeconds, slackSeconds } from '../../support/time/patience.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const connected: HttpPhase[] = ['resolve', 'connect']
const answered: HttpPhase[] = ['resolve', 'connect', 'processing']
const complete: HttpPhase[] = ['resolve', 'connect', 'processing', 'transfer']

const timeoutSeconds = 1
const mebibyte = 1024 * 1024

interface Expected {
  readonly reason: FailureReason
  /** Default: 0, none was received. */
  readonly status?: number
  readonly phases: readonly HttpPhase[]
  readonly message: RegExp | string
}

/** Faults of the server, by the path that asks for them, and what a probe makes of each. */
const faults: Readonly<Record<string, [path: string, expected: Expected]>> = {
  'a connection that is reset once the request is there': [
    '/reset',
    { reason: 'connect', phases: connected, message: 'the server closed the connection before it answered' },
  ],
  'a connection that is closed without an answer': [
    '/close',
    { reason: 'connect', phases: connected, message: 'the server closed the connection before it answered' },
  ],
  'accepting and staying silent': [
    '/silent',
    {
      reason: 'timeout',
      phases: connected,
      message: /^no answer within 1s while waiting for the answer from http:.*\/silent$/,
    },
  ],
  'headers that come too slowly': [
    '/slow-headers',
    { reason: 'timeout', phases: connected, message: /while waiting for the answer/ },
  ],
  'a body that comes too slowly': [
    '/slow-body',
    {
      reason: 'timeout',
      status: 200,
      phases: complete,
      message: /^no answer within 1s while reading the body, \d+ bytes so far$/,
    },
  ],
  'a body that is cut short': [
    '/cut-body',
    { reason: 'protocol', status: 200, phases: complete, message: /closed in the middle of the answer/ },
  ],
  'a chunk that is cut short': [
    '/cut-chunk',
    { reason: 'protocol', status: 200, phases: complete, message: /closed in the middle of the answer/ },
  ],
  'a body without a length that ends in a reset': [
    '/reset-body',
    { reason: 'protocol', status: 200, phases: complete, message: /closed in the middle of the answer/ },
  ],
  'a large body that ends in a reset': [
    '/reset-large-body',
    {
      reason: 'protocol',
      status: 200,
      phases: complete,
      message: /closed in the middle of the answer/,
    },
  ],
  'an endless body': [
    '/endless-body',
    {
      reason: 'size',
      status: 200,
      phases: complete,
      message: 'the body is larger than the expected maximum of 1048576 bytes',
    },
  ],
  'endless headers': [
    '/endless-headers',
    {
      reason: 'protocol',
      phases: connected,
      message: 'the answer is not valid HTTP: it has more than 1024 KiB of headers',
    },
  ],
  'one endless header': [
    '/endless-header',
    {
      reason: 'protocol',
      phases: connected,
      message: 'the answer is not valid HTTP: it has more than 1024 KiB of headers',
    },
  ],
  'endless answers in advance': [
    '/endless-informational',
    { reason: 'protocol', phases: connected, message: 'more than 20 informational answers (1xx)' },
  ],
  'endless invitations to continue': [
    '/endless-continue',
    { reason: 'protocol', phases: connected, message: 'more than 20 informational answers (1xx)' },
  ],
  'switching protocols unasked': [
    '/switching-protocols',
    {
      reason: 'protocol',
      phases: connected,
      message: 'the server switched to another protocol without being asked',
    },
  ],
  'bad chunking': [
    '/bad-chunking',
    {
      reason: 'protocol',
      status: 200,
      phases: complete,
      message: 'the answer is not valid HTTP: a chunk has no valid size',
    },
  ],
  'two lengths': [
    '/two-lengths',
    {
      reason: 'protocol',
      phases: connected,
      message: 'the answer is not valid HTTP: it has several Content-Lengths, which differ',
    },
  ],
  'a length that is not a number': [
    '/no-length',
    {
      reason: 'protocol',
      phases: connected,
      message: 'the answer is not valid HTTP: its Content-Length is not a number of bytes',
    },
  ],
  'another protocol': [
    '/not-http',
    {
      reason: 'protocol',
      phases: connected,
      message: 'the answer is not valid HTTP: it does not begin with a status line',
    },
  ],
  'a gzip bomb': [
    '/gzip-bomb',
    { reason: 'size', status: 200, phases: complete, message: /^the body is larger/ },
  ],
  'a damaged gzip body': [
    '/gzip-damaged',
    { reason: 'protocol', status: 200, phases: complete, message: /not valid gzip data/ },
  ],
  'a damaged brotli body': [
    '/br-damaged',
    { reason: 'protocol', status: 200, phases: complete, message: /not valid br data/ },
  ],
  'a redirect loop': [
    '/redirect-loop',
    { reason: 'redirect', status: 302, phases: answered, message: /^more than 10 redirects, the last from / },
  ],
  'a redirect to nowhere': [
    '/redirect-nowhere',
    { reason: 'redirect', status: 302, phases: answered, message: /redirects without a Location header/ },
  ],
  'an unexpected status': [
    '/unavailable',
    { reason: 'status', status: 503, phases: complete, message: 'expected 2xx, got 503' },
  ],
}

describe('the HTTP prober, against a server that misbehaves', () => {
  let server: FaultServer
  beforeAll(async () => {
    server = await startFaultServer()
  })
  afterAll(() => server.stop())

  it.each(Object.entries(faults))('reports %s', async (_name, [path, expected]) => {
    const seconds = expected.reason === 'timeout' ? timeoutSeconds : ampleSeconds
    const { result, peakBytes } = await measured(server.url + path, seconds)
    expect(result).toMatchObject({
      success: false,
      failure: {
        reason: expected.reason,
        message:
          typeof expected.message === 'string' ? expected.message : expect.stringMatching(expected.message),
      },
      http: { statusCode: expected.status ?? 0, ssl: false },
    })
    expect(Object.keys(result.phases ?? {})).toEqual(expected.phases)
    expect(result.durationSeconds).toBeLessThan(timeoutSeconds + slackSeconds)
    expect(result.http!.bodyLength).toBeLessThanOrEqual(mebibyte)
    expect(peakBytes).toBeLessThan(32 * mebibyte)
    await waitFor('the probe to leave no connection behind', () => server.connections() === 0)
  })

  it('reports a dead port', async () => {
    const dead = await startFaultServer()
    await dead.stop()
    const result = await probe(`${dead.url}/`)
    expect(result.failure).toEqual({
      reason: 'connect',
      message: `127.0.0.1:${dead.port} refused the connection (ECONNREFUSED)`,
    })
    expect(result.resolve).toMatchObject({ address: '127.0.0.1' })
    expect(result.http).toMatchObject({ statusCode: 0, version: 0, contentLength: 0, bodyLength: 0 })
    expect(Object.keys(result.phases!)).toEqual(['resolve'])
    expect(result.durationSeconds).toBeLessThan(slackSeconds)
  })

  it('reports a connection that is reset as soon as it is there', async () => {
    const resetting = await startFaultServer({ onConnection: (socket) => socket.resetAndDestroy() })
    const result = await probe(resetting.url)
    await resetting.stop()
    // The kernel reports the reset either before it reports the connection or after.
    expect(result.failure!.message).toMatch(/reset the connection|closed the connection before it answered/)
    expect(result.failure!.reason).toBe('connect')
    expect(result.http!.statusCode).toBe(0)
    expect(connected).toEqual(expect.arrayContaining(Object.keys(result.phases!)))
    expect(result.durationSeconds).toBeLessThan(slackSeconds)
  })

  it('reports a name that does not exist', async () => {
    const result = await probe('http://no-such-name.invalid/', 5)
    expect(result.failure?.reason).toBe('dns')
    expect(result.failure?.message).toContain('no-such-name.invalid')
    expect(result.resolve).not.toHaveProperty('address')
    expect(result.http!.statusCode).toBe(0)
    expect(Object.keys(result.phases!)).toEqual(['resolve'])
  })
})

describe('the HTTP prober, against a server that is only unusual', () => {
  let server: FaultServer
  beforeAll(async () => {
    server = await startFaultServer()
  })
  afterAll(() => server.stop())

  it.each([
    ['204 without a body', '/no-content', { statusCode: 204, version: 1.1, contentLength: 0, bodyLength: 0 }],
    ['an answer in HTTP/1.0', '/http-1.0', { version: 1, contentLength: -1, bodyLength: hello.length }],
    ['early hints before the answer', '/early-hints', { statusCode: 200, bodyLength: hello.length }],
    [
      '100 Continue that nobody asked for',
      '/continue',
      { statusCode: 200, version: 1.1, bodyLength: hello.length },
    ],
    ['a length together with chunks', '/length-and-chunks', { contentLength: -1, bodyLength: 5 }],
    ['more bytes than it announced', '/long-body', { contentLength: 5, bodyLength: 5 }],
    ['a coding without a body', '/gzip-empty', { contentLength: 0, bodyLength: 0 }],
    ['gzip', '/gzip', { bodyLength: hello.length }],
    ['brotli', '/br', { bodyLength: hello.length }],
    ['deflate', '/deflate', { bodyLength: hello.length }],
    ['deflate without its wrapper', '/deflate-raw', { bodyLength: hello.length }],
    ['gzip in brotli', '/gzip-br', { bodyLength: hello.length }],
  ])('accepts %s', async (_name, path, http) => {
    const result = await probe(server.url + path)
    expect(result).toMatchObject({ success: true, http })
    expect(result).not.toHaveProperty('failure')
    expect(Object.keys(result.phases!)).toEqual(complete)
  })

  it('asks for the headers alone with HEAD', async () => {
    const result = await runProbe(httpCheck(`${server.url}/gzip`, { method: 'HEAD' }), {
      timeoutSeconds: ampleSeconds,
    })
    expect(server.requests.at(-1)).toMatchObject({ method: 'HEAD', path: '/gzip' })
    expect(result).toMatchObject({ success: true, http: { statusCode: 200, bodyLength: 0 } })
  })

  it('judges the bytes of a coding that it does not know as they are', async () => {
    const counted = await probe(`${server.url}/zstd`)
    expect(counted).toMatchObject({ success: true, http: { bodyLength: 16 } })
    const expecting = (text: string): Promise<ProbeResult> =>
      runProbe(httpCheck(`${server.url}/zstd`, { expect: { body: { contains: [text] } } }), {
        timeoutSeconds: ampleSeconds,
      })
    expect(await expecting('whatever')).toMatchObject({ success: true })
    expect((await expecting('hello')).failure).toEqual({
      reason: 'body',
      message:
        'expected the body to contain "hello" (its content coding "zstd" is not known, and was not undone)',
    })
  })

  it('says what the status was rather than that its body never ended', async () => {
    const dripping = await startFaultServer({
      routes: { '/': (socket) => socket.write('HTTP/1.1 500 Oops\r\nContent-Length: 10\r\n\r\n...') },
    })
    const result = await probe(dripping.url, timeoutSeconds)
    await dripping.stop()
    expect(result.failure).toEqual({ reason: 'status', message: 'expected 2xx, got 500' })
    expect(result.durationSeconds).toBeLessThan(timeoutSeconds + slackSeconds)
  })
})

async function probe(url: string, seconds = ampleSeconds): Promise<ProbeResult> {
  return runProbe(httpCheck(url), { timeoutSeconds: seconds })
}

/** Probes, and looks at how much memory that takes at its worst. */
async function measured(url: string, seconds: number): Promise<{ result: ProbeResult; peakBytes: number }> {
  const used = (): number => process.memoryUsage().heapUsed + process.memoryUsage().external
  const before = used()
  let peak = before
  const timer = setInterval(() => (peak = Math.max(peak, used())), 2)
  const result = await probe(url, seconds)
  clearInterval(timer)
  return { result, peakBytes: Math.max(peak, used()) - before }
}
