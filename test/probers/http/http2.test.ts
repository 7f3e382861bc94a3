import { afterEach, describe, expect, it } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { constants, type IncomingHttpHeaders } from 'node:http2'
import type { TlsOptions, TLSSocket } from 'node:tls'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { createHttpProber } from '../../../src/probers/http/http.ts'
import type { FailureReason, ProbeResult } from '../../../src/probers/prober.ts'
import { runProbe } from '../../../src/probers/run.ts'
import { createCertificate } from '../../support/certificates.ts'
import { startFaultServer } from '../../support/fault-server.ts'
import { httpCheck, pattern } from '../../support/http-check.ts'
import {
  endHeaders,
  endStream,
  flood,
  frame,
  header,
  ok,
  startHttp2Server,
  startRawHttp2Server,
  uint32,
  type Http2Server,
  type StreamHandler,
} from '../../support/http2-server.ts'
import { startProxy } from '../../support/proxy.ts'
import { waitFor } from '../../support/wait-for.ts'

const authority = createCertificate({ name: 'Test authority', isAuthority: true })
const certificate = createCertificate({ name: 'shop', ip: ['127.0.0.1'], issuer: authority })
const probeHttp = createHttpProber({ authorities: [authority.cert] })
const phases = ['resolve', 'connect', 'tls', 'processing', 'transfer']
const timeoutSeconds = 0.5

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
})

type Overrides = Parameters<typeof httpCheck>[1]

async function probe(url: string, overrides: Overrides = {}, seconds = 3): Promise<ProbeResult> {
  return runProbe(httpCheck(url, overrides), {
    timeoutSeconds: seconds,
    probers: { http: () => Promise.resolve(probeHttp) },
  })
}

function started<T extends { readonly stop: () => Promise<void> }>(server: T): T {
  stops.push(() => server.stop())
  return server
}

const serving = async (handler: StreamHandler): Promise<Http2Server> =>
  started(await startHttp2Server(certificate, handler))

/** A handler that answers 200. */
const answering =
  (body: string | Buffer = 'hello', headers: Record<string, string | string[]> = {}): StreamHandler =>
  (stream) => {
    stream.respond({ ':status': 200, ...headers })
    stream.end(body)
  }

describe('the HTTP prober, where the server chooses HTTP/2', () => {
  it('speaks it, with every phase', async () => {
    const server = await serving(answering('hello', { 'content-length': '5' }))
    const result = await probe(`${server.url}/a?b=c`)
    expect(result).toMatchObject({
      success: true,
      http: { statusCode: 200, version: 2, ssl: true, contentLength: 5, bodyLength: 5, redirects: 0 },
      tls: { verified: true },
    })
    expect(Object.keys(result.phases!)).toEqual(phases)
    const sum = Object.values(result.phases!).reduce((total, seconds) => total + seconds)
    expect(sum).toBeLessThanOrEqual(result.durationSeconds)
    await waitFor('the probe to leave no connection behind', () => server.connections() === 0)
  })

  it('does not where the target says so, or the server has none', async () => {
    const server = started(await startFaultServer({ tls: certificate }))
    expect(await probe(server.url)).toMatchObject({ success: true, http: { version: 1.1 } })
    const offered: (string[] | undefined)[] = []
    const options: TlsOptions = {
      ALPNCallback: ({ protocols }) => {
        offered.push(protocols)
        return 'http/1.1'
      },
    }
    const raw = started(await startRawHttp2Server(certificate, answerAsHttp1, options))
    expect(await probe(raw.url)).toMatchObject({ success: true, http: { version: 1.1 } })
    expect(await probe(raw.url, { http2: false })).toMatchObject({ success: true, http: { version: 1.1 } })
    expect(offered).toEqual([['h2', 'http/1.1'], ['http/1.1']])
  })

  it('sends what an HTTP/1.1 request has, Host as :authority', async () => {
    let seen: IncomingHttpHeaders = {}
    let body = ''
    const server = await serving((stream, headers) => {
      seen = headers
      stream.on('data', (chunk: Buffer) => (body += chunk.toString()))
      stream.on('end', () => {
        stream.respond({ ':status': 204 }, { endStream: true })
      })
    })
    const auth = { type: 'basic', username: 'ada', password: 'secret' } as const
    const headers = { Host: 'shop.example:8443', 'X-Team': 'checkout' }
    const check = { method: 'POST', headers, auth, body: 'a=ü', tls: { verify: false } }
    const result = await probe(`${server.url}/path?q=1`, check)
    expect(result).toMatchObject({ success: true, http: { statusCode: 204, contentLength: 0 } })
    expect(seen).toMatchObject({
      ':method': 'POST',
      ':path': '/path?q=1',
      ':scheme': 'https',
      ':authority': 'shop.example:8443',
      'x-team': 'checkout',
      authorization: `Basic ${Buffer.from('ada:secret').toString('base64')}`,
      'content-length': '4',
      'user-agent': expect.stringMatching(/^Probity\//),
    })
    expect(seen).not.toHaveProperty('host')
    expect(body).toBe('a=ü')
  })

  it('sends a body that is larger than any window', async () => {
    let bytes = 0
    const server = await serving((stream) => {
      stream.on('data', (chunk: Buffer) => (bytes += chunk.length))
      stream.on('end', () => {
        stream.respond({ ':status': 200 }, { endStream: true })
      })
    })
    const result = await probe(server.url, { method: 'PUT', body: 'x'.repeat(3_000_000) })
    expect(result).toMatchObject({ success: true })
    expect(bytes).toBe(3_000_000)
  })

  it.each([
    ['gzip', gzipSync('hello')],
    ['br', brotliCompressSync('hello')],
    ['deflate', deflateSync('hello')],
  ])('undoes %s, and judges the body', async (coding, bytes) => {
    const server = await serving(answering(bytes, { 'content-encoding': coding }))
    const check = { expect: { body: { contains: ['hell'] } } }
    expect(await probe(server.url, check)).toMatchObject({ success: true, http: { bodyLength: 5 } })
    expect((await probe(server.url, { expect: { body: { contains: ['good'] } } })).failure?.reason).toBe(
      'body',
    )
  })

  it('judges each value of a repeated header, and reads them as UTF-8', async () => {
    const server = await serving(
      answering('', { 'x-many': ['one', 'two'], 'x-name': Buffer.from('über').toString('latin1') }),
    )
    const rule = (name: string, regex: string): Overrides => ({
      expect: { headers: [{ name, pattern: pattern(regex) }] },
    })
    expect(await probe(server.url, rule('x-many', '^two$'))).toMatchObject({ success: true })
    expect(await probe(server.url, rule('x-name', '^über$'))).toMatchObject({ success: true })
    expect((await probe(server.url, rule('x-many', '^three$'))).failure).toMatchObject({ reason: 'header' })
  })

  it('takes no body for HEAD, 204 and 304, passes over early hints, trailers and pushes', async () => {
    const server = await serving((stream, { ':path': path = '' }) => {
      const acts: Readonly<Record<string, () => void>> = {
        '/head': () => {
          stream.respond({ ':status': 200, 'content-length': '5' }, { endStream: true })
        },
        '/304': () => {
          stream.respond({ ':status': 304 }, { endStream: true })
        },
        '/hints': () => {
          stream.additionalHeaders({ ':status': 103, link: '</a.css>; rel=preload' })
          answering()(stream, {})
        },
        '/trailers': () => {
          stream.respond({ ':status': 200 }, { waitForTrailers: true })
          stream.once('wantTrailers', () => {
            stream.sendTrailers({ 'x-late': 'yes' })
          })
          stream.end('hello')
        },
        '/push': () => {
          expect(stream.pushAllowed).toBe(false)
          answering()(stream, {})
        },
      }
      acts[path]?.()
    })
    const status = [{ from: 200, to: 399 }]
    expect(await probe(`${server.url}/head`, { method: 'HEAD' })).toMatchObject({
      success: true,
      http: { contentLength: 5, bodyLength: 0 },
    })
    expect(await probe(`${server.url}/304`, { expect: { status } })).toMatchObject({
      success: true,
      http: { statusCode: 304, contentLength: 0 },
    })
    for (const path of ['/hints', '/trailers', '/push'])
      expect(await probe(server.url + path)).toMatchObject({ success: true, http: { bodyLength: 5 } })
  })

  it('follows redirects with cookies, each over a connection of its own', async () => {
    const sessions = new Set<unknown>()
    let cookie: string | undefined
    const server = await serving((stream, headers) => {
      sessions.add(stream.session)
      if (headers[':path'] === '/end') {
        cookie = headers.cookie
        stream.respond({ ':status': 200 }, { endStream: true })
      } else {
        stream.respond({ ':status': 302, location: '/end', 'set-cookie': ['a=1', 'b=2'] })
        stream.end('moved')
      }
    })
    const result = await probe(`${server.url}/begin`)
    expect(result).toMatchObject({ success: true, http: { redirects: 1, finalUrl: `${server.url}/end` } })
    expect(cookie).toBe('a=1; b=2')
    expect(sessions.size).toBe(2)
  })

  it('changes between the versions on the way', async () => {
    const last = await serving(answering())
    const first = started(
      await startFaultServer({
        routes: {
          '/': (socket) =>
            socket.end(`HTTP/1.1 302 Found\r\nLocation: ${last.url}\r\nContent-Length: 0\r\n\r\n`),
        },
      }),
    )
    expect(await probe(first.url)).toMatchObject({
      success: true,
      http: { version: 2, redirects: 1, ssl: true },
    })
  })

  it('gets a token, and presents it', async () => {
    let presented: string | undefined
    const server = await serving((stream, headers) => {
      if (headers[':path'] === '/token')
        answering('{"access_token":"abc","expires_in":60}', { 'content-type': 'application/json' })(
          stream,
          {},
        )
      else {
        presented = headers.authorization
        answering()(stream, {})
      }
    })
    const tokenUrl = new URL(`${server.url}/token`)
    const result = await probe(server.url, {
      auth: { type: 'oauth2', tokenUrl, clientId: 'a', clientSecret: 'b', scopes: [], style: 'basic' },
    })
    expect(result).toMatchObject({ success: true, http: { version: 2 } })
    expect(presented).toBe('Bearer abc')
  })

  it('speaks it through the tunnel of a proxy', async () => {
    const server = await serving(answering())
    const proxy = await startProxy()
    const settings = { url: new URL(`http://127.0.0.1:${proxy.port}`), noProxy: [] }
    const result = await probe(server.url, { proxy: settings })
    expect(result).toMatchObject({ success: true, http: { version: 2 }, tls: { verified: true } })
    expect(proxy.asked).toMatchObject([{ what: `CONNECT 127.0.0.1:${server.port}` }])
  })

  it('does not take what is still to be read into memory', async () => {
    let sent = 0
    const server = await serving((stream) => {
      stream.respond({ ':status': 200 })
      const more = (): void => {
        while (!stream.destroyed && stream.write(Buffer.alloc(16_384))) sent += 16_384
        if (!stream.destroyed) stream.once('drain', more)
      }
      more()
    })
    const result = await probe(server.url, { expect: { maxBody: 100_000 } })
    expect(result).toMatchObject({
      failure: {
        reason: 'size',
        message: 'the body is larger than the 100000 bytes that are expected at most',
      },
    })
    await waitFor('the probe to leave no connection behind', () => server.connections() === 0)
    expect(sent).toBeLessThan(4_000_000)
  })

  it('counts what a coding makes nothing of', async () => {
    const nothing = Buffer.concat(Array.from({ length: 500 }, () => gzipSync('')))
    const server = await serving((stream) => {
      stream.respond({ ':status': 200, 'content-encoding': 'gzip' })
      const more = (): void => {
        while (!stream.destroyed && stream.write(nothing));
        if (!stream.destroyed) stream.once('drain', more)
      }
      more()
    })
    const result = await probe(server.url, { expect: { maxBody: 1000 } })
    expect(result.failure).toMatchObject({ reason: 'size' })
  })
})

function answerAsHttp1(socket: TLSSocket): void {
  socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'))
}

const settings = frame('settings')
const head = frame('headers', endHeaders, 1, ok)
const hello = frame('data', 0, 1, Buffer.from('hello'))
const last = frame('data', endStream, 1, Buffer.from('hello'))
const reset = (code: number): Buffer => frame('rstStream', 0, 1, uint32(code))
const goaway = (lastStream: number, code: number): Buffer =>
  frame('goaway', 0, 0, Buffer.concat([uint32(lastStream), uint32(code)]))
const hints = frame('headers', endHeaders, 1, header(':status', '103'))
const times = (count: number, chunk: Buffer): Buffer =>
  Buffer.concat(Array.from({ length: count }, () => chunk))

type Say = (socket: TLSSocket) => void

/** Says this when the request is there. */
const replying =
  (...frames: readonly Buffer[]): Say =>
  (socket) => {
    socket.write(settings)
    socket.once('data', () => socket.write(Buffer.concat(frames)))
  }

/** Says this and ends the connection. */
const ending =
  (...frames: readonly Buffer[]): Say =>
  (socket) => {
    socket.write(settings)
    socket.once('data', () => socket.end(Buffer.concat(frames)))
  }

const flooding =
  (chunk: Buffer, ...before: readonly Buffer[]): Say =>
  (socket) => {
    socket.write(settings)
    socket.once('data', () => {
      socket.write(Buffer.concat(before))
      flood(socket, chunk)
    })
  }

const closed = 'the server closed the connection before it answered'
const cutShort = 'the connection was closed in the middle of the answer'

/** What a server does that has agreed to HTTP/2, and what a probe makes of it. */
const hostile: Readonly<Record<string, [Say, FailureReason, string | RegExp, status?: number]>> = {
  'random bytes': [(socket) => socket.write(randomBytes(2000)), 'protocol', /does not speak HTTP\/2/],
  'HTTP/1.1': [
    (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'),
    'protocol',
    /does not speak HTTP\/2/,
  ],
  nothing: [() => undefined, 'timeout', /^no answer within 0\.5s while waiting for the answer of https:/],
  'settings alone': [(socket) => socket.write(settings), 'timeout', /while waiting for the answer/],
  'an end at once': [(socket) => socket.end(), 'connect', closed],
  'an end after its settings': [ending(), 'connect', closed],
  'a destroyed connection': [(socket) => socket.destroy(), 'connect', closed],
  'half a frame, and the end': [(socket) => socket.end(Buffer.from([0, 0, 10, 4])), 'connect', closed],
  'GOAWAY at once': [replying(goaway(0, 0)), 'protocol', /^the server went away .*\(NO_ERROR\)$/],
  'GOAWAY with an error': [replying(goaway(0, 11)), 'protocol', /^the server went away .*ENHANCE_YOUR_CALM/],
  'GOAWAY in the middle, and the end': [
    ending(head, hello, goaway(1, 0)),
    'protocol',
    /^the server went away/,
    200,
  ],
  RST_STREAM: [replying(reset(7)), 'protocol', 'the request was reset (REFUSED_STREAM)'],
  'RST_STREAM without an error': [replying(reset(0)), 'protocol', 'the request was reset (NO_ERROR)'],
  'RST_STREAM for HTTP/1.1': [
    replying(reset(13)),
    'protocol',
    /HTTP_1_1_REQUIRED: the server wants HTTP\/1\.1/,
  ],
  'RST_STREAM of the future': [replying(reset(99)), 'protocol', 'the request was reset (error code 99)'],
  'RST_STREAM after the headers': [
    replying(head, hello, reset(2)),
    'protocol',
    'the request was reset (INTERNAL_ERROR)',
    200,
  ],
  'RST_STREAM after the headers, cancelling': [
    replying(head, hello, reset(8)),
    'protocol',
    'the request was reset (CANCEL)',
    200,
  ],
  'RST_STREAM after the headers, without an error': [
    replying(head, hello, reset(0)),
    'protocol',
    'the request was reset (NO_ERROR)',
    200,
  ],
  'the end after the headers': [ending(head, hello), 'protocol', cutShort, 200],
  'no end of its body': [
    replying(head, hello),
    'timeout',
    /while reading the body, 5 bytes of it so far$/,
    200,
  ],
  'less than its Content-Length': [
    replying(frame('headers', endHeaders, 1, Buffer.concat([ok, header('content-length', '10')])), last),
    'protocol',
    /PROTOCOL_ERROR/,
    200,
  ],
  'no status': [
    replying(frame('headers', endHeaders + endStream, 1, header('x', 'y'))),
    'protocol',
    /PROTOCOL_ERROR/,
  ],
  'status 101': [
    replying(frame('headers', endHeaders, 1, header(':status', '101'))),
    'protocol',
    /PROTOCOL_ERROR/,
  ],
  'early hints without end': [
    flooding(times(50, hints)),
    'protocol',
    'more than 20 informational answers (1xx)',
  ],
  'SETTINGS without end': [flooding(times(500, settings)), 'protocol', /does not speak HTTP\/2: .*Flooding/],
  'PING without end': [
    flooding(times(500, frame('ping', 0, 0, Buffer.alloc(8)))),
    'protocol',
    /does not speak HTTP\/2: .*Flooding/,
  ],
  'WINDOW_UPDATE without end': [
    flooding(times(500, frame('windowUpdate', 0, 0, uint32(1)))),
    'timeout',
    /answer/,
  ],
  'CONTINUATION without end': [
    flooding(
      times(100, frame('continuation', 0, 1, header('x', 'y'.repeat(100)))),
      frame('headers', 0, 1, ok),
    ),
    'protocol',
    /Too many CONTINUATION frames/,
  ],
  'empty CONTINUATION without end': [
    flooding(times(1000, frame('continuation', 0, 1)), frame('headers', 0, 1, ok)),
    'protocol',
    /Too many CONTINUATION frames/,
  ],
  'empty DATA without end': [flooding(times(500, frame('data', 0, 1)), head), 'protocol', /HTTP\/2/, 200],
  'huge headers': [
    replying(
      frame('headers', 0, 1, ok),
      times(4, frame('continuation', 0, 1, header('x', 'y'.repeat(16_000)))),
      frame('continuation', endHeaders, 1, header('z', 'y'.repeat(16_000))),
      last,
    ),
    'protocol',
    'the answer has more than 64 KiB of headers',
  ],
  'many headers': [
    replying(frame('headers', endHeaders, 1, Buffer.concat([ok, times(2000, header('x', 'y'))])), last),
    'protocol',
    /ENHANCE_YOUR_CALM: too many headers/,
  ],
  'a header over and over by its index': [
    replying(
      frame(
        'headers',
        0,
        1,
        Buffer.concat([ok, Buffer.from([0x40]), header('x', 'y'.repeat(3900)).subarray(1)]),
      ),
      frame('continuation', endHeaders, 1, Buffer.alloc(16_000, 0xbe)),
      last,
    ),
    'protocol',
    /more than 64 KiB of headers|ENHANCE_YOUR_CALM/,
  ],
  'a body without end': [
    flooding(frame('data', 0, 1, Buffer.alloc(16_000)), head),
    'size',
    /^the body is larger/,
    200,
  ],
}

describe('the HTTP prober, against a server that agrees to HTTP/2 and then misbehaves', () => {
  it.each(Object.entries(hostile))('reports %s', async (_name, [say, reason, message, status = 0]) => {
    const server = started(
      await startRawHttp2Server(certificate, (socket) => {
        say(socket)
        socket.resume()
      }),
    )
    const before = process.memoryUsage().rss
    const result = await probe(server.url, {}, timeoutSeconds)
    expect(result).toMatchObject({
      success: false,
      failure: { reason, message: typeof message === 'string' ? message : expect.stringMatching(message) },
      http: { statusCode: status, version: status === 0 ? 0 : 2 },
    })
    expect(result.durationSeconds).toBeLessThan(timeoutSeconds + 0.3)
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024)
    await waitFor('the probe to leave no connection behind', () => server.connections() === 0)
  })

  it.each<[string, Say]>([
    ['GOAWAY before its answer, and the end', ending(goaway(1, 0), head, last)],
    ['RST_STREAM without an error after its answer', replying(head, last, reset(0))],
    ['the end right after its answer', ending(head, last)],
    [
      'many small headers',
      replying(frame('headers', endHeaders, 1, Buffer.concat([ok, times(500, header('x', 'y'))])), last),
    ],
    [
      'frames of a type that nobody knows',
      replying(Buffer.from([0, 0, 1, 0xfa, 0, 0, 0, 0, 0, 7]), head, last),
    ],
  ])('accepts %s', async (_name, say) => {
    const server = started(await startRawHttp2Server(certificate, say))
    expect(await probe(server.url)).toMatchObject({ success: true, http: { bodyLength: 5, version: 2 } })
  })

  it('gives up at the deadline where the server takes nothing of a body', async () => {
    const shut = Buffer.concat([Buffer.from([0, constants.NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE]), uint32(0)])
    const server = started(
      await startRawHttp2Server(certificate, (socket) => {
        socket.write(frame('settings', 0, 0, shut))
        socket.resume()
      }),
    )
    const result = await probe(server.url, { method: 'POST', body: 'x'.repeat(3_000_000) }, timeoutSeconds)
    expect(result.failure).toMatchObject({ reason: 'timeout' })
    expect(result.durationSeconds).toBeLessThan(timeoutSeconds + 0.3)
    await waitFor('the probe to leave no connection behind', () => server.connections() === 0)
  })

  it('reports a refused certificate of the client as what it is', async () => {
    const options: TlsOptions = { ALPNProtocols: ['h2'], requestCert: true, ca: authority.cert }
    const server = started(await startRawHttp2Server(certificate, () => undefined, options))
    expect((await probe(server.url)).failure).toMatchObject({ reason: 'tls' })
  })

  it('survives being aborted at any moment, and leaves nothing behind', async () => {
    const honest = replying(head, times(20, frame('data', 0, 1, Buffer.alloc(16_000))), last)
    const acts = Object.values(hostile).flatMap(([say]) => [say, honest])
    let turn = 0
    const server = started(
      await startRawHttp2Server(certificate, (socket) => {
        acts[turn++ % acts.length]?.(socket)
        socket.resume()
      }),
    )
    const aborted = async (index: number): Promise<void> => {
      const check = index % 3 === 0 ? { method: 'POST', body: 'x'.repeat(100_000) } : {}
      const { failure } = await probe(server.url, check, 0.002 + (index % 50) / 1500)
      expect(failure?.reason).not.toBe('internal')
    }
    for (let index = 0; index < 1000; index += 5)
      await Promise.all([0, 1, 2, 3, 4].map((offset) => aborted(index + offset)))
    await waitFor('the probes to leave no connection behind', () => server.connections() === 0)
  }, 60_000)
})
