import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import type { ProbeContext } from '../../../src/net/attempt.ts'
import type { ProxySettings } from '../../../src/net/proxy/settings.ts'
import { createHttpProber } from '../../../src/checks/http/probe.ts'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'
import { createCertificate } from '../../support/certificates.ts'
import { httpCheck } from '../../support/http-check.ts'
import { answer, redirectTo } from '../../support/servers/faults.ts'
import { startFaultServer, type FaultServer } from '../../support/servers/fault-server.ts'
import { deadUrl, startHttpPeer } from '../../support/servers/http-peer.ts'
import { startProxy, type Proxy } from '../../support/servers/proxy.ts'
import { startSocksProxy, type SocksProxy } from '../../support/servers/socks-proxy.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const authority = createCertificate({ name: 'Test authority', isAuthority: true })
const tls = createCertificate({ name: 'shop', dns: ['shop.example', 'known.example'], issuer: authority })
const proxyAuthority = createCertificate({ name: 'Authority of the proxy', isAuthority: true })
const proxyTls = createCertificate({ name: 'proxy', dns: ['proxy.example'], issuer: proxyAuthority })
/** Names that only the proxies can resolve. */
const hosts = { 'shop.example': '127.0.0.1' }

let plain: FaultServer
let secure: FaultServer
let socks: SocksProxy
let secureProxy: Proxy
let ca: { readonly file: string }
beforeAll(async () => {
  const routes = { '/ok': answer('200 OK'), '/over': redirectTo('/ok') }
  plain = await startFaultServer({ routes })
  secure = await startFaultServer({ tls, routes })
  socks = await startSocksProxy({ hosts, credentials: 'ada:p@ss' })
  secureProxy = await startProxy({ hosts, tls: proxyTls })
  ca = { file: join(await tempFolder(), 'ca.pem') }
  await writeFile(ca.file, proxyAuthority.cert)
})
afterAll(() => Promise.all([plain.stop(), secure.stop()]))

interface Options {
  readonly via: string
  readonly ca?: ProxySettings['ca']
  readonly env?: Record<string, string>
  readonly allowAddress?: ProbeContext['allowAddress']
  readonly check?: Parameters<typeof httpCheck>[1]
  readonly timeoutSeconds?: number
}

async function probe(url: string, options: Options): Promise<ProbeResult> {
  const { via, env = {}, allowAddress, ca: trusted, timeoutSeconds = 20 } = options
  const probeHttp = createHttpProber({
    authorities: [authority.cert],
    env,
    lookup: (name) =>
      name === 'proxy.example' || name === 'known.example'
        ? Promise.resolve(['127.0.0.1'])
        : Promise.reject(Object.assign(new Error(name), { code: 'ENOTFOUND' })),
  })
  const proxy: ProxySettings = {
    url: via === 'env' ? via : new URL(via),
    noProxy: [],
    ...(trusted && { ca: trusted }),
  }
  return runProbe(httpCheck(url, { proxy, ...options.check }), {
    timeoutSeconds,
    ...(allowAddress && { allowAddress }),
    probers: { http: () => Promise.resolve(probeHttp) },
  })
}

const viaSocks = (scheme: string): string => `${scheme}://ada:p%40ss@127.0.0.1:${socks.port}`
const lastAsked = (): string => socks.asked.at(-1)!.what

describe('a check through a SOCKS5 proxy', () => {
  it('leaves names to it (socks5h), for http and for https', async () => {
    expect(await probe(`http://shop.example:${plain.port}/over`, { via: viaSocks('socks5h') })).toMatchObject(
      {
        success: true,
        resolve: { address: '127.0.0.1' },
        http: { redirects: 1, ssl: false },
      },
    )
    expect(plain.requests.at(-1)).toMatchObject({
      path: '/ok',
      headers: { host: `shop.example:${plain.port}` },
    })
    expect(plain.requests.at(-1)!.headers).not.toHaveProperty('proxy-authorization')
    const result = await probe(`https://shop.example:${secure.port}/ok`, { via: viaSocks('socks5h') })
    expect(result).toMatchObject({
      success: true,
      http: { ssl: true },
      tls: { verified: true, chain: [{ subject: 'CN=shop' }] },
    })
    expect(Object.keys(result.phases!)).toEqual(['resolve', 'connect', 'tls', 'processing', 'transfer'])
    expect(socks.asked.at(-1)).toEqual({ what: `shop.example:${secure.port}`, credentials: 'ada:p@ss' })
  })

  it('resolves names itself (socks5)', async () => {
    const via = viaSocks('socks5')
    expect(await probe(`https://known.example:${secure.port}/ok`, { via })).toMatchObject({ success: true })
    expect(lastAsked()).toBe(`127.0.0.1:${secure.port}`)
    expect((await probe(`http://shop.example:${plain.port}/ok`, { via })).failure?.reason).toBe('dns')
  })

  it('sends addresses of both families as addresses', async () => {
    const refusing = await startSocksProxy({ code: 5 })
    const via = `socks5h://127.0.0.1:${refusing.port}`
    await probe('http://[2001:db8::5]:81/', { via })
    await probe('http://192.0.2.7/', { via })
    expect(refusing.asked.map(({ what }) => what)).toEqual([
      '2001:0db8:0000:0000:0000:0000:0000:0005:81',
      '192.0.2.7:80',
    ])
  })

  it('gets its token through it, too', async () => {
    const login = await startHttpPeer(() => ({ status: 200, body: '{"access_token":"abc","expires_in":60}' }))
    const tokenUrl = new URL(login.url)
    tokenUrl.hostname = 'shop.example'
    const auth = {
      type: 'oauth2',
      tokenUrl,
      clientId: 'a',
      clientSecret: 'b',
      scopes: [],
      style: 'basic',
    } as const
    const result = await probe(`http://shop.example:${plain.port}/ok`, {
      via: viaSocks('socks5h'),
      check: { auth },
    })
    expect(result).toMatchObject({ success: true })
    expect(socks.asked.at(-2)!.what).toBe(`shop.example:${tokenUrl.port}`)
  })

  it('is found in the environment', async () => {
    const env = { all_proxy: viaSocks('socks5h') }
    expect(await probe(`http://shop.example:${plain.port}/ok`, { via: 'env', env })).toMatchObject({
      success: true,
    })
  })

  it('reads replies that arrive byte by byte', async () => {
    const slow = await startSocksProxy({ hosts, chunk: 1, credentials: 'a:' })
    const via = `socks5h://a@127.0.0.1:${slow.port}`
    expect(await probe(`https://shop.example:${secure.port}/ok`, { via })).toMatchObject({ success: true })
    await waitFor('nothing is left open', () => slow.open() === 0)
  })
})

describe('a URL that is not configured, through a SOCKS5 proxy', () => {
  it.each(['socks5', 'socks5h'])('is refused where its address is (%s)', async (scheme) => {
    const before = socks.asked.length
    const result = await probe('http://known.example/', {
      via: viaSocks(scheme),
      allowAddress: (address) => {
        throw new Error(`${address} is loopback`)
      },
    })
    expect(result.failure).toEqual({ reason: 'blocked', message: '127.0.0.1 is loopback' })
    expect(socks.asked).toHaveLength(before)
  })

  it('is reached at the address that was looked at', async () => {
    const result = await probe(`http://known.example:${plain.port}/ok`, {
      via: viaSocks('socks5h'),
      allowAddress: () => undefined,
    })
    expect(result).toMatchObject({ success: true })
    expect(lastAsked()).toBe(`127.0.0.1:${plain.port}`)
  })
})

describe('a SOCKS5 proxy that does not work', () => {
  const target = 'http://shop.example:80/'
  const replying = (...bytes: number[]): { onRequest: (socket: Socket) => void } => ({
    onRequest: (socket) => socket.end(Buffer.from(bytes)),
  })

  it.each([
    [
      'refuses by its rules',
      { code: 2 },
      'connect',
      'did not connect to shop.example:80: its rules do not allow it (code 2)',
    ],
    [
      'has no route',
      { code: 4 },
      'connect',
      'the host is unreachable, or its name does not resolve (code 4)',
    ],
    ['is refused', { code: 5 }, 'connect', 'the connection was refused (code 5)'],
    ['does not know why', { code: 77 }, 'connect', 'unknown (code 77)'],
    [
      'wants credentials',
      { credentials: 'a:b' },
      'connect',
      'refused to go on without other credentials (a user name and password, perhaps)',
    ],
    [
      'speaks HTTP',
      { onConnection: (socket: Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n') },
      'protocol',
      'is not SOCKS5',
    ],
    [
      'speaks SOCKS4',
      { onConnection: (socket: Socket) => socket.end(Buffer.from([0, 91])) },
      'protocol',
      'is not SOCKS5',
    ],
    [
      'hangs up',
      { onConnection: (socket: Socket) => socket.end() },
      'connect',
      'closed the connection before it answered',
    ],
    [
      'resets',
      { onConnection: (socket: Socket) => socket.once('data', () => socket.resetAndDestroy()) },
      'connect',
      'closed the connection before it answered',
    ],
    ['hangs up in its answer', replying(5, 0, 0), 'connect', 'closed the connection before it answered'],
    [
      'hangs up in an address',
      replying(5, 0, 0, 1, 1),
      'connect',
      'closed the connection before it answered',
    ],
    ['replies in another version', replying(4, 0, 0, 1, 0, 0, 0, 0, 0, 0), 'protocol', 'is not SOCKS5'],
    [
      'replies with another kind of address',
      replying(5, 0, 0, 9, 0, 0, 0, 0, 0, 0),
      'protocol',
      'is not SOCKS5',
    ],
    ['speaks first', replying(5, 0, 0, 1, 0, 0, 0, 0, 0, 0, 65), 'protocol', 'sent more than its answer'],
  ])('%s', async (_name, options, reason, message) => {
    const broken = await startSocksProxy(options)
    const result = await probe(target, { via: `socks5h://127.0.0.1:${broken.port}` })
    expect(result.failure!.message).toContain(message)
    expect(result.failure!.reason).toBe(reason)
    expect(result.http!.statusCode).toBe(0)
    await waitFor('nothing is left open', () => broken.open() === 0)
  })

  it('does not accept the credentials, and they are not repeated', async () => {
    const result = await probe(target, { via: `socks5h://eve:sesame@127.0.0.1:${socks.port}` })
    expect(result.failure).toEqual({
      reason: 'connect',
      message: `the proxy 127.0.0.1:${socks.port} did not accept the user name and password`,
    })
    expect(JSON.stringify(result)).not.toContain('sesame')
  })

  it.each<[string, Parameters<typeof startSocksProxy>[0]]>([
    ['says nothing', { onConnection: () => undefined }],
    ['does not reply', { onRequest: () => undefined }],
    ['replies with half', { onRequest: (socket) => socket.write(Buffer.from([5, 0])) }],
  ])('%s', async (_name, options) => {
    const hanging = await startSocksProxy(options)
    const via = `socks5h://127.0.0.1:${hanging.port}`
    const result = await probe(target, { via, timeoutSeconds: 0.5 })
    expect(result.failure).toMatchObject({ reason: 'timeout' })
    await waitFor('nothing is left open', () => hanging.open() === 0)
  })

  it('is not there', async () => {
    const result = await probe(target, { via: deadUrl.replace('http:', 'socks5h:') })
    expect(result.failure).toMatchObject({ reason: 'connect' })
    expect(result.failure!.message).toContain('the proxy cannot be reached: 127.0.0.1')
  })
})

describe('a check through a proxy that speaks TLS', () => {
  const via = (): string => `https://proxy.example:${secureProxy.port}`

  it('opens a tunnel for https, and sees the certificate of the target', async () => {
    const result = await probe(`https://shop.example:${secure.port}/over`, { via: via(), ca })
    expect(result.failure).toBeUndefined()
    expect(result).toMatchObject({
      success: true,
      http: { redirects: 1, ssl: true },
      tls: { verified: true, chain: [{ subject: 'CN=shop' }] },
    })
    expect(secureProxy.asked.at(-1)!.what).toBe(`CONNECT shop.example:${secure.port}`)
    await waitFor('nothing is left open', () => secureProxy.open() === 0)
  })

  it('lets it pass on http, which shows no certificate', async () => {
    const result = await probe(`http://shop.example:${plain.port}/ok`, { via: via(), ca })
    expect(result).toMatchObject({ success: true, http: { ssl: false } })
    expect(result).not.toHaveProperty('tls')
    expect(secureProxy.asked.at(-1)!.what).toBe(`GET http://shop.example:${plain.port}/ok`)
  })

  it.each(['http', 'https'])('trusts only authorities that are known (%s)', async (scheme) => {
    const before = secureProxy.asked.length
    const result = await probe(`${scheme}://shop.example/`, { via: via() })
    expect(result.failure).toMatchObject({ reason: 'certificate' })
    expect(result.failure!.message).toMatch(/^the proxy cannot be reached: .*proxy\.example/)
    expect(secureProxy.asked).toHaveLength(before)
  })

  it('does not send credentials to a proxy of another name', async () => {
    const result = await probe('http://shop.example/', {
      via: `https://ada:sesame@known.example:${secureProxy.port}`,
      ca,
    })
    expect(result.failure).toMatchObject({ reason: 'certificate' })
    expect(result.failure!.message).toContain('not for known.example')
  })

  it('tells that the proxy speaks no TLS', async () => {
    const other = await startProxy()
    const result = await probe('http://shop.example/', { via: `https://127.0.0.1:${other.port}`, ca })
    expect(result.failure).toMatchObject({ reason: 'tls' })
    expect(result.failure!.message).toContain('the proxy cannot be reached: no TLS handshake with 127.0.0.1')
  })
})
