import { describe, expect, it } from 'vitest'
import { createDomainProber } from '../../../src/checks/domain/probe.ts'
import type { DomainCheck } from '../../../src/checks/domain/schema.ts'
import { recordProbeLog } from '../../../src/checks/log.ts'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'
import type { Clock } from '../../../src/lib/time/clock.ts'
import { checkOf } from '../../support/checks.ts'
import { parse, parseTarget } from '../../support/parse-config.ts'
import {
  startHttpPeer,
  type HttpPeer,
  type Misbehaviour,
  type Reply,
} from '../../support/servers/http-peer.ts'

const day = 86_400_000
const now = Date.parse('2026-11-20T12:00:00Z')

/** What the registry of .com answers, in short: RFC 9083, appendix, and what its registries really send. */
const answer = (changes: Readonly<Record<string, unknown>> = {}): Reply => ({
  status: 200,
  headers: { 'content-type': 'application/rdap+json' },
  body: JSON.stringify({
    objectClassName: 'domain',
    ldhName: 'EXAMPLE.COM',
    events: [
      { eventAction: 'registration', eventDate: '1995-08-14T04:00:00Z' },
      { eventAction: 'expiration', eventDate: '2027-08-13T04:00:00Z' },
    ],
    entities: [
      { roles: ['abuse'] },
      {
        roles: ['registrar'],
        vcardArray: [
          'vcard',
          [
            ['version', {}, 'text', '4.0'],
            ['fn', {}, 'text', 'Registrar, Inc.'],
          ],
        ],
      },
    ],
    ...changes,
  }),
})

function clockAt(start = now): Clock & { advance: (ms: number) => void } {
  let time = start
  return { now: () => time, monotonic: () => time, advance: (ms) => (time += ms) }
}

async function probe(
  check: DomainCheck,
  options: {
    list?: string
    clock?: Clock
    timeoutSeconds?: number
    allowAddress?: (address: string) => void
    prober?: ReturnType<typeof createDomainProber>
  } = {},
): Promise<ProbeResult> {
  const { list = 'http://127.0.0.1:1/', clock = clockAt(), timeoutSeconds = 5, allowAddress } = options
  const prober = options.prober ?? createDomainProber({ list: new URL(list) })
  return runProbe(check, {
    timeoutSeconds,
    clock,
    ...(allowAddress && { allowAddress }),
    probers: { domain: () => Promise.resolve(prober) },
  })
}

async function registry(reply: Reply | Misbehaviour): Promise<{ check: DomainCheck; peer: HttpPeer }> {
  const peer = await startHttpPeer(() => reply)
  return { peer, check: checkOf('domain', { domain: 'example.com', rdap_server: `${peer.url}/com/v1` }) }
}

describe('domain', () => {
  it('asks the registry until when the domain is registered', async () => {
    const { check, peer } = await registry(answer())
    const result = await probe(check)
    expect(result).toMatchObject({
      success: true,
      domain: { expiresAt: Date.parse('2027-08-13T04:00:00Z') / 1000, registrar: 'Registrar, Inc.' },
      resolve: { address: '127.0.0.1' },
    })
    expect(peer.received).toMatchObject([
      {
        method: 'GET',
        path: '/com/v1/domain/example.com',
        headers: { accept: 'application/rdap+json, application/json' },
      },
    ])
  })

  it('follows a redirect to another registry', async () => {
    const { peer } = await registry(answer())
    const { check } = await registry({ status: 302, headers: { location: `${peer.url}/domain/example.com` } })
    expect(await probe(check)).toMatchObject({ success: true })
  })

  it('asks with the credentials of its URL, which are never shown', async () => {
    const peer = await startHttpPeer(() => answer())
    const server = peer.url.replace('//', '//probity:sesame@')
    const target = parseTarget(`targets: [{ name: it, domain: example.com, rdap_server: "${server}" }]`)
    await probe(target.check as DomainCheck)
    expect(peer.received[0]?.headers['authorization']).toBe(
      `Basic ${Buffer.from('probity:sesame').toString('base64')}`,
    )
    expect(JSON.stringify(target.shown)).not.toContain('sesame')
    expect(target.secrets).toContain('sesame')
    expect(target.instance).toBe('example.com')
  })

  it.each<[string, Reply | Misbehaviour, string, string | RegExp]>([
    [
      'is not registered',
      { status: 404, body: '{"errorCode":404}' },
      'status',
      /^127\.0\.0\.1:\d+ knows no example\.com \(404\): it is not registered, or it is a name below the one that is$/,
    ],
    [
      'is asked for too often',
      { status: 429, headers: { 'retry-after': '60' } },
      'status',
      /is asked too often \(429\): make the interval longer$/,
    ],
    [
      'has a registry that fails',
      { status: 503 },
      'status',
      /^no answer from 127\.0\.0\.1:\d+: expected 2xx, got 503$/,
    ],
    [
      'has an answer that is not JSON',
      { status: 200, body: '<html>' },
      'body',
      /cannot be used: the body is not JSON$/,
    ],
    ['has an empty answer', { status: 204 }, 'body', /cannot be used: the body is not JSON$/],
    [
      'has an answer without an end',
      answer({ events: [] }),
      'body',
      /^the registry does not say when example\.com expires: the answer of .* has no event "expiration"$/,
    ],
    [
      'has an end that is not a date',
      answer({ events: [{ eventAction: 'expiration', eventDate: 'soon' }] }),
      'body',
      /has an expiration date that cannot be read$/,
    ],
    [
      'has the answer of another domain',
      answer({ ldhName: 'example.org' }),
      'body',
      /is not about example\.com, but about another domain$/,
    ],
    [
      'has expired',
      answer({ events: [{ eventAction: 'expiration', eventDate: '2026-11-20T11:59:59Z' }] }),
      'body',
      'example.com expired on 2026-11-20T11:59:59.000Z',
    ],
    ['has a registry that resets', 'reset', 'connect', /^no answer from /],
  ])('says that the domain %s', async (_name, reply, reason, message) => {
    const { check } = await registry(reply)
    const { failure } = await probe(check)
    expect(failure).toEqual({
      reason,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    })
  })

  it('says that the registry does not answer', async () => {
    const { check } = await registry('silence')
    const { failure } = await probe(check, { timeoutSeconds: 0.3 })
    expect(failure).toEqual({
      reason: 'timeout',
      message: expect.stringMatching(/^no answer within 0\.3s while waiting for the answer from /),
    })
  })

  it('keeps the date of a domain that has expired', async () => {
    const { check } = await registry(
      answer({ events: [{ eventAction: 'expiration', eventDate: '2026-11-20T11:59:59Z' }] }),
    )
    expect((await probe(check)).domain?.expiresAt).toBe(now / 1000 - 1)
  })

  it('asks no address that is refused', async () => {
    const { check, peer } = await registry(answer())
    const allowAddress = (): never => {
      throw new Error('it is private')
    }
    expect(await probe(check, { allowAddress })).toMatchObject({
      failure: { reason: 'blocked', message: expect.stringContaining('it is private') },
    })
    expect(peer.received).toEqual([])
  })
})

describe('without a server, domain', () => {
  const check = checkOf('domain', { domain: 'example.com' })

  async function iana(services: unknown): Promise<{ list: HttpPeer; service: HttpPeer }> {
    const service = await startHttpPeer(() => answer())
    const text = JSON.stringify({ version: '1.0', services }).replaceAll('SERVICE', service.url)
    const list = await startHttpPeer(() => ({ status: 200, body: text }))
    return { list, service }
  }

  it('looks the service up in the list of IANA, once a day', async () => {
    const { list, service } = await iana([
      [['org'], ['http://127.0.0.1:1/']],
      [
        ['net', 'com'],
        ['SERVICE/com/', 'http://127.0.0.1:1/'],
      ],
    ])
    const clock = clockAt()
    const prober = createDomainProber({ list: new URL(list.url) })
    for (const wait of [0, day - 1, 2]) {
      clock.advance(wait)
      expect(await probe(check, { clock, prober })).toMatchObject({ success: true })
    }
    expect(list.received).toHaveLength(2)
    expect(service.received.map(({ path }) => path)).toEqual(Array<string>(3).fill('/com/domain/example.com'))
  })

  it('finds a service in a list as long as that of IANA', async () => {
    const others = Array.from({ length: 600 }, (_, index) => [
      [`a${index}`, `b${index}`, `c${index}`],
      [`https://rdap.a${index}.example/`],
    ])
    const { list } = await iana([...others, [['com'], ['SERVICE/']]])
    expect(await probe(check, { list: list.url })).toMatchObject({ success: true })
  })

  it('prefers the longest name that is listed', async () => {
    const { list, service } = await iana([
      [['com'], ['http://127.0.0.1:1/']],
      [['example.com'], ['SERVICE/']],
    ])
    expect(await probe(check, { list: list.url })).toMatchObject({ success: true })
    expect(service.received).toHaveLength(1)
  })

  it('goes on with what it knows while the list cannot be read', async () => {
    const { list } = await iana([[['com'], ['SERVICE/']]])
    const clock = clockAt()
    const prober = createDomainProber({ list: new URL(list.url) })
    await probe(check, { clock, prober })
    list.next.push({ status: 503 })
    clock.advance(2 * day)
    expect(await probe(check, { clock, prober })).toMatchObject({ success: true })
    expect(list.received).toHaveLength(2)
  })

  it.each<[string, Reply | Misbehaviour, string, string]>([
    [
      'lists none',
      { status: 200, body: '{"services":[[["org"],["https://rdap.example/"]]]}' },
      'body',
      'IANA lists no RDAP service for .com: if the registry has one, write it as rdap_server:',
    ],
    ['fails', { status: 500 }, 'status', 'the list of RDAP services cannot be read: expected 2xx, got 500'],
    [
      'is garbage',
      { status: 200, body: 'x' },
      'body',
      'the list of RDAP services cannot be used: the body is not JSON',
    ],
    [
      'is about something else',
      { status: 200, body: '{"services":[[["com"],["ftp://x/"]]]}' },
      'body',
      'the list of RDAP services has something else than a URL',
    ],
  ])('says that the list %s', async (_name, reply, reason, message) => {
    const list = await startHttpPeer(() => reply)
    expect((await probe(check, { list: list.url })).failure).toEqual({ reason, message })
  })
})

describe('a target with domain:', () => {
  it('is asked for once a day, and expected to last 30 days', () => {
    const target = parseTarget('targets: [{ name: it, domain: Bücher.example. }]')
    expect(target).toMatchObject({
      interval: 86_400,
      check: { domain: 'xn--bcher-kva.example', expect: { minSeconds: 30 * 86_400 } },
    })
    expect(target.expect.maxLatency).toBe(Infinity)
    const off = parseTarget('targets: [{ name: it, domain: a.example, expect: { domain_days: off } }]')
    expect(off.check).toMatchObject({ expect: { minSeconds: -Infinity } })
  })

  it.each([
    [
      'an address',
      'domain: 192.0.2.1',
      '"192.0.2.1" is not a valid domain: expected the name that is registered, such as example.com',
    ],
    ['a URL', 'domain: "https://example.com"', 'is not a valid domain'],
    ['one label', 'domain: com', 'is not a valid domain'],
    [
      'a server with a query',
      'domain: a.example, rdap_server: "https://r.example/?x"',
      'has a query or a fragment',
    ],
  ])('is refused with %s', (_name, keys, words) => {
    expect(() => parse(`targets: [{ name: it, ${keys} }]`)).toThrow(words)
  })
})

it('logs which service was found', async () => {
  const log = recordProbeLog(() => 0)
  const list = await startHttpPeer(() => ({
    status: 200,
    body: '{"services":[[["com"],["http://127.0.0.1:1/"]]]}',
  }))
  await createDomainProber({ list: new URL(list.url) })(checkOf('domain', { domain: 'example.com' }), {
    signal: AbortSignal.timeout(5000),
    log,
  })
  expect(log.lines.map(({ message }) => message)).toContain('RDAP service found')
})
