import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { version } from '../../../src/lib/version.ts'
import { recordProbeLog } from '../../../src/checks/log.ts'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'
import { startFaultServer, type FaultServer, type SeenRequest } from '../../support/servers/fault-server.ts'
import { answer, redirectTo, respond } from '../../support/servers/faults.ts'
import { httpCheck } from '../../support/http-check.ts'

type Overrides = Parameters<typeof httpCheck>[1]

async function probe(url: string, overrides: Overrides = {}): Promise<ProbeResult> {
  return runProbe(httpCheck(url, overrides), { timeoutSeconds: 3 })
}

describe('the request of an HTTP probe', () => {
  let server: FaultServer
  beforeAll(async () => {
    server = await startFaultServer()
  })
  afterAll(() => server.stop())

  async function sent(path: string, overrides: Overrides = {}): Promise<SeenRequest> {
    const { success } = await probe(server.url + path, overrides)
    expect(success).toBe(true)
    return server.requests.at(-1)!
  }

  it('says who asks, and what it can read', async () => {
    expect(await sent('/echo?a=1')).toEqual({
      method: 'GET',
      path: '/echo?a=1',
      headers: {
        host: `127.0.0.1:${server.port}`,
        connection: 'close',
        'user-agent': `Probity/${version}`,
        accept: '*/*',
        'accept-encoding': 'gzip, deflate, br',
      },
      body: '',
    })
  })

  it('has the configured headers instead of its own', async () => {
    const headers = { 'User-Agent': 'Mozilla/5.0', Accept: 'text/html', 'X-Team': 'checkout' }
    expect((await sent('/echo', { headers })).headers).toMatchObject({
      'user-agent': 'Mozilla/5.0',
      accept: 'text/html',
      'x-team': 'checkout',
    })
  })

  it('has the configured Host', async () => {
    expect((await sent('/echo', { headers: { Host: 'shop.example' } })).headers['host']).toBe('shop.example')
  })

  it('has a body', async () => {
    const request = await sent('/echo', { method: 'POST', body: '{"ping":"é"}' })
    expect(request.method).toBe('POST')
    expect(request.headers['content-length']).toBe('13')
  })

  it('has basic credentials, in UTF-8', async () => {
    const auth = { type: 'basic', username: 'ada', password: 'pass:wörd' } as const
    const expected = `Basic ${Buffer.from('ada:pass:wörd').toString('base64')}`
    expect((await sent('/echo', { auth })).headers['authorization']).toBe(expected)
  })

  it('has a bearer token', async () => {
    const auth = { type: 'bearer', token: 'abc.def' } as const
    expect((await sent('/echo', { auth })).headers['authorization']).toBe('Bearer abc.def')
  })

  it('turns userinfo of the URL into basic credentials', async () => {
    const url = server.url.replace('//', '//ada:p%40ss%25@')
    await probe(`${url}/echo`)
    const expected = `Basic ${Buffer.from('ada:p@ss%').toString('base64')}`
    expect(server.requests.at(-1)!.headers['authorization']).toBe(expected)
  })

  it('is refused as our own mistake when it makes no sense', async () => {
    const result = await probe(`${server.url}/echo`, { headers: { 'Transfer-Encoding': 'chunked' } })
    expect(result.failure).toEqual({
      reason: 'internal',
      message: 'the request cannot be sent: the header "transfer-encoding" cannot be sent',
    })
  })
})

describe('redirects of an HTTP probe', () => {
  const servers: FaultServer[] = []
  afterAll(() => Promise.all(servers.map((server) => server.stop())))

  async function start(...[options]: Parameters<typeof startFaultServer>): Promise<FaultServer> {
    const server = await startFaultServer(options)
    servers.push(server)
    return server
  }

  it('are followed, and their phases add up', async () => {
    const slow = 60
    const server = await start({
      routes: {
        '/a': (socket) =>
          setTimeout(() => {
            respond(socket, 302, { Location: 'b?secret=1' })
          }, slow),
        '/b': (socket) =>
          setTimeout(() => {
            respond(socket, 307, { Location: '/' })
          }, slow),
      },
    })
    const result = await probe(`${server.url}/a`)
    expect(result).toMatchObject({
      success: true,
      http: { statusCode: 200, redirects: 2, finalUrl: `${server.url}/` },
    })
    expect(server.requests.map(({ path }) => path)).toEqual(['/a', '/b?secret=1', '/'])
    expect(result.phases!.processing).toBeGreaterThan((2 * slow * 0.9) / 1000)
    expect(result.phases!.transfer).toBeLessThan(slow / 1000)
  })

  it('up to ten are followed', async () => {
    const path = (hop: number): string => (hop === 0 ? '/' : `/${hop}`)
    const hops = Array.from({ length: 11 }, (_, index) => index + 1)
    const server = await start({
      routes: Object.fromEntries(hops.map((hop) => [path(hop), redirectTo(path(hop - 1))])),
    })
    expect(await probe(`${server.url}/10`)).toMatchObject({
      success: true,
      http: { redirects: 10, redirectsReceived: 10 },
    })
    expect(await probe(`${server.url}/11`)).toMatchObject({
      failure: { reason: 'redirect' },
      http: { redirects: 10, redirectsReceived: 11, statusCode: 302 },
    })
  })

  it('are not followed where the check says so', async () => {
    const server = await start({ routes: { '/a': redirectTo('/') } })
    const result = await probe(`${server.url}/a`, { followRedirects: false })
    expect(result).toMatchObject({
      failure: { reason: 'status', message: 'expected 2xx, got 302 (redirects are not followed)' },
      http: { statusCode: 302, redirects: 0, redirectsReceived: 1 },
    })
    const expect302 = { status: [{ from: 302, to: 302 }] }
    expect((await probe(`${server.url}/a`, { followRedirects: false, expect: expect302 })).success).toBe(true)
  })

  it.each([
    ['/redirect-to-file', /redirects to a file: URL, expected http: or https:$/],
    ['/redirect-to-nonsense', /redirects to an invalid URL$/],
  ])('to %s are a failure', async (path, message) => {
    const server = await start()
    const { failure, http } = await probe(server.url + path)
    expect(failure).toEqual({ reason: 'redirect', message: expect.stringMatching(message) })
    expect(http).toMatchObject({ statusCode: 302, redirects: 0 })
  })

  it('end where they name no place, if their status is expected', async () => {
    const server = await start({
      routes: {
        '/a': (socket) => {
          respond(socket, 301, {}, 'moved')
        },
      },
    })
    expect(await probe(`${server.url}/a`, { expect: { status: [{ from: 301, to: 301 }] } })).toMatchObject({
      success: true,
      http: { statusCode: 301, redirects: 0, redirectsReceived: 0, bodyLength: 5 },
    })
    expect(await probe(`${server.url}/a`)).toMatchObject({
      failure: { reason: 'redirect', message: `${server.url}/a redirects without a Location header` },
    })
  })

  it('to a dead port tell both', async () => {
    const dead = await start()
    await dead.stop()
    const server = await start({ routes: { '/a': redirectTo(dead.url) } })
    expect(await probe(`${server.url}/a`)).toMatchObject({
      failure: { reason: 'connect' },
      http: { statusCode: 302, redirects: 1, finalUrl: `${server.url}/a` },
    })
  })

  it('bring back the cookies that they set', async () => {
    const server = await start({
      routes: {
        '/login': (socket) => {
          socket.end(
            'HTTP/1.1 302 Found\r\nLocation: /session\r\nContent-Length: 0\r\n' +
              'Set-Cookie: session=abc; Path=/; HttpOnly\r\nSet-Cookie: lang=de\r\nSet-Cookie: seen=1; Secure\r\n\r\n',
          )
        },
        '/session': redirectTo('/echo', 302, { 'Set-Cookie': 'lang=; Max-Age=0' }),
      },
    })
    const result = await probe(`${server.url}/login`, { headers: { Cookie: 'consent=yes; lang=en' } })
    expect(result.success).toBe(true)
    expect(server.requests.map(({ headers }) => headers['cookie'])).toEqual([
      'consent=yes; lang=en',
      'consent=yes; session=abc; lang=de',
      'consent=yes; lang=en; session=abc',
    ])
  })

  it('to another origin get no credentials, and never again', async () => {
    const first = await start({
      routes: {
        '/back': (socket, request) => {
          respond(socket, request.headers['authorization'] ? 200 : 401)
        },
      },
    })
    const other = await start({ routes: { '/landing': redirectTo(`${first.url}/back`) } })
    const start1 = await start({
      routes: { '/a': redirectTo(`${other.url}/landing`, 307, { 'Set-Cookie': 'session=abc' }) },
    })
    const log = recordProbeLog(() => 0)
    const check = httpCheck(`${start1.url}/a?key=secret`, {
      method: 'POST',
      body: 'order',
      auth: { type: 'bearer', token: 'secret' },
      headers: {
        Cookie: 'id=secret',
        Host: 'shop.example',
        'X-Api-Key': 'secret',
        'Content-Type': 'text/plain',
        'User-Agent': 'Mozilla/5.0',
      },
    })
    const result = await runProbe(check, { timeoutSeconds: 3, log })
    expect(start1.requests[0]!.headers).toMatchObject({
      authorization: 'Bearer secret',
      host: 'shop.example',
    })
    expect(other.requests[0]).toEqual({
      method: 'POST',
      path: '/landing',
      headers: {
        host: `127.0.0.1:${other.port}`,
        connection: 'close',
        'user-agent': 'Mozilla/5.0',
        accept: '*/*',
        'accept-encoding': 'gzip, deflate, br',
        'content-type': 'text/plain',
        'content-length': '5',
        cookie: 'session=abc',
      },
      body: 'order',
    })
    expect(result.failure).toEqual({
      reason: 'status',
      message: 'expected 2xx, got 401 (a redirect led to another origin, which gets no credentials)',
    })
    expect(JSON.stringify([log.lines, result])).not.toContain('secret')
  })

  it('turn a POST into a GET as browsers do', async () => {
    const server = await start({
      routes: { '/303': redirectTo('/echo', 303), '/307': redirectTo('/echo', 307) },
    })
    const overrides = { method: 'POST', body: 'order', headers: { 'Content-Type': 'text/plain' } }
    await probe(`${server.url}/303`, overrides)
    expect(server.requests.at(-1)).toMatchObject({ method: 'GET', body: '' })
    expect(server.requests.at(-1)!.headers).not.toHaveProperty('content-type')
    await probe(`${server.url}/307`, overrides)
    expect(server.requests.at(-1)).toMatchObject({ method: 'POST', body: 'order' })
  })

  it('are refused where they lead to a blocked address', async () => {
    const inner = await start()
    const outer = await start({ routes: { '/a': redirectTo(inner.url) } })
    let asked = 0
    const result = await runProbe(httpCheck(`${outer.url}/a`), {
      timeoutSeconds: 3,
      allowAddress: (address) => {
        if (++asked > 1) throw new Error(`${address} is not allowed`)
      },
    })
    expect(result.failure).toEqual({ reason: 'blocked', message: '127.0.0.1 is not allowed' })
    expect(result.http).toMatchObject({ statusCode: 302, redirects: 1 })
    expect(inner.requests).toEqual([])
  })
})

describe('what an HTTP probe says', () => {
  it('holds no userinfo, no query and no body', async () => {
    const server = await startFaultServer({
      routes: { '/page': answer('{"token":"secret"}', { Location: 'https://x.example/?key=secret' }) },
    })
    const log = recordProbeLog(() => 0)
    const url = `${server.url.replace('//', '//ada:secret@')}/page?key=secret#secret`
    const rules = [
      { body: { contains: ['maintenance'] } },
      { json: [{ path: '$.token', expected: { equals: '"public"' } }] },
    ]
    for (const rule of rules) {
      const result = await runProbe(httpCheck(url, { expect: rule }), { timeoutSeconds: 3, log })
      expect(result.failure?.reason).toBe('body')
      expect(JSON.stringify([result, log.lines])).not.toContain('secret')
    }
    const silent = await runProbe(httpCheck(url.replace('/page', '/silent')), { timeoutSeconds: 0.2, log })
    expect(JSON.stringify([silent, log.lines])).not.toContain('secret')
    await server.stop()
  })
})
