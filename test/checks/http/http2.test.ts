import { describe, expect, it } from 'vitest'
import type { IncomingHttpHeaders } from 'node:http2'
import type { TlsOptions, TLSSocket } from 'node:tls'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { createHttpProber } from '../../../src/checks/http/probe.ts'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'
import { createCertificate } from '../../support/certificates.ts'
import { startFaultServer } from '../../support/servers/fault-server.ts'
import { redirectTo } from '../../support/servers/faults.ts'
import { httpCheck, pattern } from '../../support/http-check.ts'
import {
  startHttp2Server,
  startRawHttp2Server,
  type Http2Server,
  type StreamHandler,
} from '../../support/servers/http2-server.ts'
import { startProxy } from '../../support/servers/proxy.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const authority = createCertificate({ name: 'Test authority', isAuthority: true })
const certificate = createCertificate({ name: 'shop', ip: ['127.0.0.1'], issuer: authority })
const probeHttp = createHttpProber({ authorities: [authority.cert] })
const phases = ['resolve', 'connect', 'tls', 'processing', 'transfer']

type Overrides = Parameters<typeof httpCheck>[1]

async function probe(url: string, overrides: Overrides = {}): Promise<ProbeResult> {
  return runProbe(httpCheck(url, overrides), {
    timeoutSeconds: 3,
    probers: { http: () => Promise.resolve(probeHttp) },
  })
}

const serving = (handler: StreamHandler): Promise<Http2Server> => startHttp2Server(certificate, handler)

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
    const server = await startFaultServer({ tls: certificate })
    expect(await probe(server.url)).toMatchObject({ success: true, http: { version: 1.1 } })
    await server.stop()
    const offered: (string[] | undefined)[] = []
    const options: TlsOptions = {
      ALPNCallback: ({ protocols }) => {
        offered.push(protocols)
        return 'http/1.1'
      },
    }
    const raw = await startRawHttp2Server(certificate, answerAsHttp1, options)
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
      answering('', { 'x-many': ['one', 'two', 'three'], 'x-name': Buffer.from('über').toString('latin1') }),
    )
    const rule = (name: string, regex: string): Overrides => ({
      expect: { headers: [{ name, pattern: pattern(regex) }] },
    })
    expect(await probe(server.url, rule('x-many', '^three$'))).toMatchObject({ success: true })
    expect(await probe(server.url, rule('x-name', '^über$'))).toMatchObject({ success: true })
    expect((await probe(server.url, rule('x-many', '^four$'))).failure).toMatchObject({ reason: 'header' })
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

  it('follows redirects with cookies, each over its own connection', async () => {
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
    const first = await startFaultServer({ routes: { '/': redirectTo(last.url) } })
    const result = await probe(first.url)
    await first.stop()
    expect(result).toMatchObject({ success: true, http: { version: 2, redirects: 1, ssl: true } })
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
        message: 'the body is larger than the expected maximum of 100000 bytes',
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
