import type { ProbeContext } from '../../../src/net/attempt.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import fc from 'fast-check'
import type { Socket } from 'node:net'
import type { ProxySettings } from '../../../src/net/proxy/settings.ts'
import { createHttpProber } from '../../../src/checks/http/probe.ts'
import { needsNoProxy, proxyFor } from '../../../src/net/proxy/proxy.ts'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'
import { createCertificate } from '../../support/certificates.ts'
import { startFaultServer, type FaultServer } from '../../support/servers/fault-server.ts'
import { answer, redirectTo } from '../../support/servers/faults.ts'
import { httpCheck, httpCheckOf } from '../../support/http-check.ts'
import { parse, parseTarget } from '../../support/parse-config.ts'
import { deadUrl, startHttpPeer } from '../../support/servers/http-peer.ts'
import { startProxy, type Proxy } from '../../support/servers/proxy.ts'

const authority = createCertificate({ name: 'Test authority', isAuthority: true })
const tls = createCertificate({ name: 'shop', dns: ['shop.example'], ip: ['127.0.0.1'], issuer: authority })
/** Names that only the proxy can resolve. */
const hosts = { 'shop.example': '127.0.0.1' }
const authorization = `Basic ${Buffer.from('ada:p@ss').toString('base64')}`

let plain: FaultServer
let secure: FaultServer
let proxy: Proxy
beforeAll(async () => {
  const routes = { '/ok': answer('200 OK'), '/over': redirectTo('/ok') }
  plain = await startFaultServer({ routes })
  secure = await startFaultServer({ tls, routes })
  proxy = await startProxy({ hosts, authorization })
})
afterAll(() => Promise.all([plain.stop(), secure.stop()]))

interface Options {
  /** The URL of a proxy, or env. */
  readonly via?: string
  readonly noProxy?: readonly string[]
  readonly env?: Record<string, string>
  readonly allowAddress?: ProbeContext['allowAddress']
  readonly check?: Parameters<typeof httpCheck>[1]
}

async function probe(url: string, options: Options = {}): Promise<ProbeResult> {
  const { via = `http://ada:p%40ss@127.0.0.1:${proxy.port}`, noProxy = [], env = {}, allowAddress } = options
  const probeHttp = createHttpProber({
    authorities: [authority.cert],
    env,
    lookup: (name) =>
      name === 'proxy.example' || name === 'known.example'
        ? Promise.resolve(['127.0.0.1'])
        : Promise.reject(Object.assign(new Error(name), { code: 'ENOTFOUND' })),
  })
  const settings: ProxySettings = { url: via === 'env' ? via : new URL(via), noProxy }
  return runProbe(httpCheck(url, { proxy: settings, ...options.check }), {
    timeoutSeconds: 3,
    ...(allowAddress && { allowAddress }),
    probers: { http: () => Promise.resolve(probeHttp) },
  })
}

describe('a check through a proxy', () => {
  it('opens a tunnel for https, and sees the certificate of the target', async () => {
    const result = await probe(`https://shop.example:${secure.port}/over`)
    expect(result).toMatchObject({
      success: true,
      resolve: { address: '127.0.0.1' },
      http: { redirects: 1, ssl: true },
      tls: { verified: true, chain: [{ subject: 'CN=shop' }] },
    })
    expect(Object.keys(result.phases!)).toEqual(['resolve', 'connect', 'tls', 'processing', 'transfer'])
    expect(proxy.asked.slice(-2)).toEqual([
      { what: `CONNECT shop.example:${secure.port}`, authorization },
      { what: `CONNECT shop.example:${secure.port}`, authorization },
    ])
    expect(secure.requests.at(-1)!.headers['proxy-authorization']).toBeUndefined()
  })

  it('verifies the address of the target, not that of the proxy', async () => {
    expect(await probe(`https://127.0.0.1:${secure.port}/ok`)).toMatchObject({
      success: true,
      tls: { verified: true },
    })
    const other = createCertificate({ name: 'other', ip: ['127.0.0.9'], issuer: authority })
    const server = await startFaultServer({ tls: other, routes: { '/ok': answer('200 OK') } })
    const result = await probe(`https://127.0.0.1:${server.port}/ok`)
    await server.stop()
    expect(result.failure).toMatchObject({ reason: 'certificate' })
    expect(result.failure!.message).toContain('not for 127.0.0.1')
  })

  it('lets it pass on http', async () => {
    const result = await probe(`http://shop.example:${plain.port}/over?a=1`)
    expect(result).toMatchObject({ success: true, http: { redirects: 1, ssl: false } })
    expect(proxy.asked.slice(-2).map(({ what }) => what)).toEqual([
      `GET http://shop.example:${plain.port}/over?a=1`,
      `GET http://shop.example:${plain.port}/ok`,
    ])
    expect(plain.requests.at(-1)).toMatchObject({
      path: '/ok',
      headers: { host: `shop.example:${plain.port}` },
    })
  })

  it('gets its token through it, too', async () => {
    const login = await startHttpPeer(() => ({ status: 200, body: '{"access_token":"abc","expires_in":60}' }))
    const tokenUrl = new URL(login.url)
    tokenUrl.hostname = 'shop.example'
    const result = await probe(`http://shop.example:${plain.port}/ok`, {
      check: {
        auth: { type: 'oauth2', tokenUrl, clientId: 'a', clientSecret: 'b', scopes: [], style: 'basic' },
      },
    })
    expect(result).toMatchObject({ success: true })
    expect(proxy.asked.at(-2)!.what).toBe(`POST ${tokenUrl.href}`)
    expect(plain.requests.at(-1)!.headers['authorization']).toBe('Bearer abc')
  })

  it('reaches directly what needs no proxy', async () => {
    const before = proxy.asked.length
    expect(await probe(`http://127.0.0.1:${plain.port}/ok`, { noProxy: ['127.0.0.0/8'] })).toMatchObject({
      success: true,
    })
    expect(proxy.asked).toHaveLength(before)
  })

  it('asks the environment where it is told to', async () => {
    const via = 'env'
    const own = `127.0.0.1:${proxy.port}`
    const env = { HTTPS_PROXY: `http://ada:p%40ss@${own}`, NO_PROXY: 'known.example, 10.0.0.0/8' }
    expect(await probe(`https://shop.example:${secure.port}/ok`, { via, env })).toMatchObject({
      success: true,
    })
    const direct = await probe(`https://known.example:${secure.port}/ok`, {
      via,
      env,
      check: { tls: { verify: false } },
    })
    expect(direct).toMatchObject({ success: true })
    expect(proxy.asked.at(-1)!.what).toBe(`CONNECT shop.example:${secure.port}`)
    const unusable = await probe(`https://shop.example/`, { via, env: { https_proxy: 'socks4://a:b@c' } })
    expect(unusable.failure).toEqual({
      reason: 'internal',
      message: 'the environment variable https_proxy does not contain the URL of a proxy',
    })
  })
})

describe('a proxy whose answer is odd', () => {
  it.each([
    ['lines that end in a line feed alone', 'HTTP/1.1 200 OK\nX-A: b\n\n'],
    ['a control character', 'HTTP/1.1 200 OK\r\nX-A: \x01\r\n\r\n'],
    ['a length that means nothing', 'HTTP/1.1 200 OK\r\nContent-Length: 7\r\nContent-Length: 8\r\n\r\n'],
    ['headers of 100 KB', `HTTP/1.0 200 OK\r\nX-A: ${'a'.repeat(100_000)}\r\n\r\n`],
    ['an answer in advance', 'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n\r\n'],
  ])('still opens a tunnel: %s', async (_what, established) => {
    const odd = await startProxy({ hosts, established })
    const result = await probe(`https://shop.example:${secure.port}/ok`, {
      via: `http://127.0.0.1:${odd.port}`,
    })
    expect(result.failure).toBeUndefined()
    expect(result).not.toHaveProperty('oddities')
  })
})

describe('a proxy that does not work', () => {
  const target = (): string => `https://shop.example:${secure.port}/ok`

  it.each<[string, (socket: Socket) => void, string, string]>([
    [
      'refuses',
      (socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'),
      'connect',
      'answered 403 for shop.example:',
    ],
    ['hangs up', (socket) => socket.destroy(), 'connect', 'closed the connection before it answered'],
    ['resets', (socket) => socket.resetAndDestroy(), 'connect', 'closed the connection before it answered'],
    ['talks nonsense', (socket) => socket.end('220 smtp.example\r\n\r\n'), 'protocol', 'is not valid HTTP'],
    [
      'does not stop',
      (socket) => socket.write(`HTTP/1.1 200 OK\r\nX-A: ${'x'.repeat(1024 * 1024)}`),
      'protocol',
      'has no end',
    ],
    ['sends something else', (socket) => socket.write('x'.repeat(20_000)), 'protocol', 'is not valid HTTP'],
    [
      'smuggles an answer into its own',
      (socket) => socket.write('HTTP/1.1 200 OK\n\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'),
      'protocol',
      'sent more than its answer',
    ],
    [
      'sends a body with its answer',
      (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
      'protocol',
      'sent more than its answer',
    ],
    [
      'asks for another protocol',
      (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
      'connect',
      'answered 101',
    ],
    [
      'speaks first',
      (socket) => socket.write('HTTP/1.1 200 OK\r\n\r\nhello'),
      'protocol',
      'sent more than its answer',
    ],
    ['says nothing', () => undefined, 'timeout', 'while waiting for the proxy'],
    ['ends after its answer', (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'), 'tls', 'no TLS handshake'],
  ])('%s', async (_name, onConnect, reason, message) => {
    const broken = await startProxy({ onConnect })
    const result = await probe(target(), { via: `http://127.0.0.1:${broken.port}` })
    expect(result.failure!.message).toContain(message)
    expect(result.failure!.reason).toBe(reason)
    expect(result.http!.statusCode).toBe(0)
  })

  it('wants other credentials, and they are not repeated', async () => {
    const result = await probe(target(), { via: `http://eve:sesame@127.0.0.1:${proxy.port}` })
    expect(result.failure).toEqual({
      reason: 'connect',
      message: `the proxy 127.0.0.1:${proxy.port} answered 407 for shop.example:${secure.port}: it wants other credentials`,
    })
    expect(JSON.stringify(result)).not.toContain('sesame')
  })

  it('is not there', async () => {
    const result = await probe(target(), { via: deadUrl })
    expect(result.failure).toMatchObject({ reason: 'connect' })
    expect(result.failure!.message).toContain('the proxy cannot be reached: 127.0.0.1')
    const unknown = await probe(target(), { via: 'http://nowhere.example:3128' })
    expect(unknown.failure).toMatchObject({ reason: 'dns' })
    expect(unknown.failure!.message).toContain('the proxy cannot be reached: nowhere.example')
  })

  it('reaches no target', async () => {
    const { port } = new URL(deadUrl)
    const result = await probe(`https://shop.example:${port}/`)
    expect(result.failure).toMatchObject({ reason: 'connect' })
    expect(result.failure!.message).toContain(`answered 502 for shop.example:${port}`)
  })
})

describe('a URL that is not configured, through a proxy', () => {
  const refuse = (address: string): void => {
    if (address.startsWith('127.')) throw new Error(`${address} is loopback`)
  }

  it.each(['http', 'https'])('is refused where its address is (%s)', async (scheme) => {
    const before = proxy.asked.length
    const result = await probe(`${scheme}://known.example/`, { allowAddress: refuse })
    expect(result.failure).toEqual({ reason: 'blocked', message: '127.0.0.1 is loopback' })
    expect(proxy.asked).toHaveLength(before)
  })

  it('is reached at the address that was looked at, whatever the proxy thinks of its name', async () => {
    const looked: string[] = []
    const allowAddress = (address: string): void => void looked.push(address)
    const result = await probe(`http://known.example:${plain.port}/ok`, { allowAddress })
    expect(result).toMatchObject({ success: true })
    expect(looked).toEqual(['127.0.0.1'])
    expect(proxy.asked.at(-1)!.what).toBe(`CONNECT 127.0.0.1:${plain.port}`)
    expect(plain.requests.at(-1)!.headers['host']).toBe(`known.example:${plain.port}`)
  })

  it('is refused where the name cannot be looked at', async () => {
    const result = await probe(`http://shop.example:${plain.port}/ok`, { allowAddress: () => undefined })
    expect(result.failure).toMatchObject({ reason: 'dns' })
  })
})

describe('what needs no proxy', () => {
  it.each([
    ['*', 'http://a.example/', true],
    ['example.com', 'https://example.com/', true],
    ['example.com', 'https://www.Example.com./', true],
    ['example.com', 'https://badexample.com/', false],
    ['.example.com', 'https://example.com/', false],
    ['.example.com', 'https://www.example.com/', true],
    ['*.example.com', 'https://www.example.com/', true],
    ['example.com:8443', 'https://example.com:8443/', true],
    ['example.com:8443', 'https://example.com/', false],
    ['example.com:443', 'https://example.com/', true],
    ['10.0.0.0/8', 'http://10.1.2.3/', true],
    ['10.0.0.0/8', 'http://11.1.2.3/', false],
    ['10.0.0.0/8', 'http://ten.example/', false],
    ['10.0.0.0/8', 'http://[::1]/', false],
    ['fd00::/8', 'http://[fd00::1]/', true],
    ['::1', 'http://[0:0::1]/', true],
    ['[::1]:8080', 'http://[::1]:8080/', true],
    ['[::1]:8080', 'http://[::1]/', false],
    ['127.0.0.1', 'http://127.0.0.1:99/', true],
  ])('%s and %s: %s', (rule, url, expected) => {
    expect(needsNoProxy(new URL(url), [rule])).toBe(expected)
  })

  it('is decided for whatever the environment holds', () => {
    fc.assert(
      fc.property(fc.webUrl(), fc.string(), (url, no_proxy) => {
        const env = { all_proxy: 'http://proxy.example:3128', no_proxy }
        const found = proxyFor(new URL(url), { url: 'env', noProxy: [] }, env)
        expect([undefined, 'http://proxy.example:3128/']).toContain(found?.href)
      }),
    )
  })

  it('takes the proxy of http from no variable that a client of a CGI server could set', () => {
    const settings = { url: 'env', noProxy: [] } as const
    const url = new URL('http://a.example/')
    expect(proxyFor(url, settings, { HTTP_PROXY: 'http://evil.example' })).toBeUndefined()
    expect(proxyFor(url, settings, { http_proxy: 'proxy.example:3128' })?.href).toBe(
      'http://proxy.example:3128/',
    )
    expect(proxyFor(url, settings, {})).toBeUndefined()
  })
})

describe('proxy:', () => {
  const config = (keys: string): string => `targets: [{ name: shop, url: "https://shop.example", ${keys} }]`
  const complaint = (keys: string): string => {
    try {
      parse(config(keys))
    } catch (error) {
      return (error as Error).message
    }
    throw new Error('it was accepted')
  }

  it('is the URL of a proxy, or env; a target can go without an inherited one', () => {
    const check = (keys: string) => httpCheckOf(parseTarget(config(keys)))
    expect(check('proxy: "http://proxy.example:3128", no_proxy: [example.com, 10.0.0.0/8]').proxy).toEqual({
      url: new URL('http://proxy.example:3128'),
      noProxy: ['example.com', '10.0.0.0/8'],
    })
    expect(check('proxy: env').proxy).toEqual({ url: 'env', noProxy: [] })
    const text = `defaults: { proxy: env }\n${config('proxy: ~')}`
    expect(httpCheckOf(parseTarget(text)).proxy).toBeUndefined()
  })

  it.each([
    [
      'proxy: "socks4://proxy.example"',
      'is not a valid proxy: expected one such as http://proxy.example:3128, socks5h://proxy.example:1080, or env',
    ],
    [
      `proxy: "socks5://${'a'.repeat(256)}:b@proxy.example"`,
      'the user name or password is too long for SOCKS5: at most 255 bytes',
    ],
    ['proxy: env, proxy_ca_file: /nowhere/ca.pem', 'proxy_ca_file: '],
    ['proxy: "http://proxy.example/path"', 'is not a valid proxy'],
    ['proxy: proxy.example', 'is not a valid proxy'],
    ['proxy: env, no_proxy: "http://a.example"', 'no_proxy: "http://a.example" is not a valid host'],
    ['proxy: env, no_proxy: [a, "b c"]', 'no_proxy[1]: "b c" is not a valid host'],
  ])('%s is refused', (keys, message) => {
    expect(complaint(keys)).toContain(message)
  })

  it('shows no credentials', () => {
    const { shown, secrets } = parseTarget(config('proxy: "http://ada:p%40ss@proxy.example:3128"'))
    expect(shown['proxy']).toBe('http://<secret>@proxy.example:3128')
    expect(secrets).toEqual(expect.arrayContaining(['p@ss', 'p%40ss', authorization.replace('Basic ', '')]))
    const socks = parseTarget(config('proxy: "socks5h://ada:p%40ss@proxy.example:1080"'))
    expect(socks.shown['proxy']).toBe('socks5h://<secret>@proxy.example:1080')
    expect(socks.secrets).toEqual(expect.arrayContaining(['p@ss', 'p%40ss']))
  })
})
