import { describe, expect, it } from 'vitest'
import { kindProblem } from '../../../src/config/load/resolve.ts'
import { httpCheckOf } from '../../support/http-check.ts'
import { parse, parseTarget } from '../../support/parse-config.ts'

const shop = (...lines: string[]): string =>
  [
    'targets:',
    '  - name: shop',
    '    url: https://shop.example.com/health',
    ...lines.map((line) => `    ${line}`),
  ].join('\n')

describe('a plain URL', () => {
  it('has the URL for a name, and everything by default', () => {
    const target = parseTarget('targets: [https://Shop.example.com]')
    expect(target).toMatchObject({
      name: 'https://Shop.example.com',
      instance: 'https://shop.example.com/',
      interval: 30,
      timeout: 10,
      alertAfter: 75,
      severity: 'critical',
      labels: {},
      expect: { maxLatency: 1, maxErrorRatio: 0.05, slo: 0.95, minCertificate: 14 * 86_400 },
      secrets: [],
    })
    expect(target).not.toHaveProperty('runbook')
    expect(target.check).toEqual({
      kind: 'http',
      url: new URL('https://shop.example.com/'),
      method: 'GET',
      headers: {},
      followRedirects: true,
      http2: false,
      traceparent: true,
      ipProtocol: 'auto',
      ipProtocolFallback: true,
      tls: { verify: true },
      expect: {
        status: [{ from: 200, to: 299 }],
        headers: [],
        headersIfPresent: [],
        notHeaders: [],
        versions: [],
        json: [],
        cel: [],
        body: { contains: [], notContains: [], matches: [], notMatches: [] },
        maxBody: 10 * 1024 * 1024,
      },
    })
  })
})

describe('a target', () => {
  it('reads every key', () => {
    const target = parseTarget(
      shop(
        'method: post',
        'headers: { Accept: application/json, Host: shop.internal }',
        'body: ping',
        'auth: { basic: { username: me, password: "${PASSWORD}" } }',
        'follow_redirects: false',
        'http2: true',
        'ip_protocol: ip6',
        'ip_protocol_fallback: false',
        'tls: { verify: false }',
        'labels: { vendor: acme, team: checkout }',
        'runbook: https://wiki.example.com/shop',
        'severity: warning',
        'interval: 1m',
        'timeout: 5s',
        'alert_after: 15m',
        'expect:',
        '  status: [2xx, 401, "418", 500-503]',
        '  max_latency: 300ms',
        '  max_error_rate: 1%',
        '  slo: 99.95%',
        '  certificate_days: 30',
        '  max_body: 64KiB',
        '  headers: { Content-Type: ^application/json, Vary: [origin, accept] }',
        '  headers_if_present: { Server: ^nginx }',
        '  not_headers: { X-Powered-By: . }',
        '  version: [1.1, "2"]',
        '  ssl: true',
        '  json: { "$.data[0].status": paid, $.count: 3, $.ok: true, $.error: null }',
        '  body: { contains: ok, not_contains: [error, panic], matches: "(?i)OK", not_matches: [a, b] }',
      ),
      { env: { PASSWORD: 'sesame' } },
    )
    expect(target).toMatchObject({
      interval: 60,
      timeout: 5,
      alertAfter: 900,
      severity: 'warning',
      labels: { vendor: 'acme', team: 'checkout' },
      runbook: 'https://wiki.example.com/shop',
      expect: { maxLatency: 0.3, maxErrorRatio: 0.01, slo: 0.9995, minCertificate: 30 * 86_400 },
    })
    const check = httpCheckOf(target)
    expect(check).toMatchObject({
      method: 'POST',
      headers: { Accept: 'application/json', Host: 'shop.internal' },
      body: 'ping',
      auth: { type: 'basic', username: 'me', password: 'sesame' },
      followRedirects: false,
      http2: true,
      ipProtocol: 'ip6',
      ipProtocolFallback: false,
      tls: { verify: false },
    })
    expect(check.expect.status).toEqual([
      { from: 200, to: 299 },
      { from: 401, to: 401 },
      { from: 418, to: 418 },
      { from: 500, to: 503 },
    ])
    expect(check.expect.maxBody).toBe(65_536)
    const { headers, headersIfPresent, notHeaders } = check.expect
    expect(
      [headers, headersIfPresent, notHeaders].map((rules) =>
        rules.map(({ name, pattern }) => [name, pattern.source]),
      ),
    ).toEqual([
      [
        ['content-type', '^application/json'],
        ['vary', 'origin'],
        ['vary', 'accept'],
      ],
      [['server', '^nginx']],
      [['x-powered-by', '.']],
    ])
    expect(check.expect).toMatchObject({ versions: [1.1, 2], ssl: true })
    expect(check.expect.json.map(({ path, expected }) => [path, expected.equals])).toEqual([
      ['$.data[0].status', '"paid"'],
      ['$.count', '3'],
      ['$.ok', 'true'],
      ['$.error', 'null'],
    ])
    expect(check.expect.body).toMatchObject({ contains: ['ok'], notContains: ['error', 'panic'] })
  })

  it('reads versions of HTTP as numbers and as text, and takes an inherited ssl away', () => {
    const expected = (line: string): object => httpCheckOf(parseTarget(shop('http2: true', line))).expect
    expect(expected('expect: { version: [1.0, "1.0", "1.1", 2.0, "2.0", "2"] }')).toMatchObject({
      versions: [1, 1, 1.1, 2, 2, 2],
    })
    expect(expected('expect: { ssl: false, version: "2" }')).toMatchObject({ versions: [2], ssl: false })
    expect(expected('expect: { ssl: ~ }')).not.toHaveProperty('ssl')
  })

  it('selects by JSONPath and searches by regex', () => {
    const check = httpCheckOf(
      parseTarget(shop('expect: { json: { "$.a[*].b": 1 }, body: { matches: "(?i)up" } }')),
    )
    expect(check.expect.json).toEqual([{ path: '$.a[*].b', expected: { equals: '1' } }])
    const regex = check.expect.body.matches[0]?.regex
    expect(regex?.matcher('we are UP today').find()).toBe(true)
    expect(regex?.matcher('down').find()).toBe(false)
  })

  it.each([
    ['alert_after: 1', 15],
    ['alert_after: 3', 75],
    ['alert_after: "5"', 135],
    ['alert_after: 15m', 900],
    ['alert_after: off', Infinity],
  ])('%s is %d seconds of failing at an interval of 30s', (line, seconds) => {
    expect(parseTarget(shop(line)).alertAfter).toBe(seconds)
  })

  it('has an objective that follows from the error rate, unless it is given', () => {
    expect(parseTarget(shop('expect: { max_error_rate: 0.1% }')).expect.slo).toBe(0.999)
    expect(parseTarget(shop('expect: { max_error_rate: 0.1%, slo: 0.9 }')).expect.slo).toBe(0.9)
  })

  it('can do without every threshold', () => {
    const off = shop('expect: { max_latency: off, max_error_rate: off, slo: off, certificate_days: off }')
    expect(parseTarget(off).expect).toEqual({
      maxLatency: Infinity,
      maxErrorRatio: 1,
      slo: 0,
      minCertificate: -Infinity,
    })
  })

  it.each([
    ['5s', 4.5],
    ['10s', 9],
    ['30s', 10],
    ['1d', 10],
  ])('at an interval of %s alone it has a timeout of %d seconds', (interval, timeout) => {
    expect(parseTarget(shop(`interval: ${interval}`)).timeout).toBe(timeout)
  })

  it('takes credentials out of its URL', () => {
    const target = parseTarget('targets: [{ name: shop, url: "https://me:p%40ss@shop.example.com/a?b=c#d" }]')
    const check = httpCheckOf(target)
    expect(check.auth).toEqual({ type: 'basic', username: 'me', password: 'p@ss' })
    expect(check.url.href).toBe('https://shop.example.com/a?b=c#d')
    expect(target.instance).toBe('https://shop.example.com/a')
  })

  it('sends no token where the variable is empty', () => {
    expect(parseTarget(shop('auth: { bearer: "${TOKEN:-}" }')).check).not.toHaveProperty('auth')
  })

  it('may have numbers and flags from the environment', () => {
    const env = { CHECKS: '2', FOLLOW: 'false', DAYS: '7', RATE: '2%' }
    const target = parseTarget(
      shop(
        'alert_after: ${CHECKS}',
        'follow_redirects: ${FOLLOW}',
        'expect: { certificate_days: "${DAYS}", max_error_rate: "${RATE}" }',
      ),
      { env },
    )
    expect(target).toMatchObject({
      alertAfter: 45,
      check: { followRedirects: false },
      expect: { minCertificate: 7 * 86_400, maxErrorRatio: 0.02 },
    })
  })
})

describe('inheritance', () => {
  const text = `
defaults:
  interval: 1m
  timeout: 20s
  headers: { Accept: text/html, X-Team: a }
  labels: { team: platform, tier: gold }
  runbook: https://wiki.example.com
  auth: { bearer: default-token }
  expect: { max_latency: 2s, status: [2xx], headers: { server: nginx, via: x } }
modules:
  slow:
    timeout: 30s
    labels: { tier: silver }
    expect: { max_latency: 9s }
targets:
  - { name: plain, url: https://a.example.com }
  - { name: module, url: https://a.example.com, module: slow }
  - name: own
    url: https://a.example.com
    module: slow
    timeout: 5s
    headers: { accept: application/json, X-TEAM: ~ }
    labels: { team: ~, vendor: acme }
    runbook: ~
    auth: ~
    expect: { status: 204, headers: { server: caddy } }
`
  const config = parse(text)

  it('goes from the built-in defaults over defaults and the module to the target', () => {
    expect(config.target('plain')).toMatchObject({ interval: 60, timeout: 20, expect: { maxLatency: 2 } })
    expect(config.target('module')).toMatchObject({ interval: 60, timeout: 30, expect: { maxLatency: 9 } })
    expect(config.target('own')).toMatchObject({
      interval: 60,
      timeout: 5,
      expect: { maxLatency: 9, maxErrorRatio: 0.05 },
    })
  })

  it('merges labels, headers and expect key by key, header names in any case', () => {
    expect(config.target('module')?.labels).toEqual({ team: 'platform', tier: 'silver' })
    expect(config.target('own')?.labels).toEqual({ tier: 'silver', vendor: 'acme' })
    expect(httpCheckOf(config.target('own')).headers).toEqual({ accept: 'application/json' })
  })

  it('replaces everything else as a whole', () => {
    const expected = httpCheckOf(config.target('own')).expect
    expect(expected.status).toEqual([{ from: 204, to: 204 }])
    expect(expected.headers.map(({ name }) => name)).toEqual(['server'])
  })

  it('is taken away by nothing', () => {
    expect(config.target('plain')).toMatchObject({ runbook: 'https://wiki.example.com', check: { auth: {} } })
    expect(config.target('own')).not.toHaveProperty('runbook')
    expect(config.target('own')?.check).not.toHaveProperty('auth')
    expect(config.target('own')?.shown).toMatchObject({
      labels: { tier: 'silver', vendor: 'acme' },
      headers: { accept: 'application/json' },
    })
    expect(config.target('own')?.shown['labels']).not.toHaveProperty('team')
    expect(config.target('own')?.shown).not.toHaveProperty('runbook')
  })

  it('may take the module from defaults', () => {
    const target = parseTarget(
      'modules: { slow: { interval: 5m } }\ndefaults: { module: slow }\ntargets: [https://a.example.com]',
    )
    expect(target.interval).toBe(300)
  })
})

describe('kindProblem', () => {
  const kinds = [{ key: 'url' }, { key: 'command' }]

  it.each([
    [['url'], undefined],
    [['command', 'name'], undefined],
    [['name'], 'has no check: expected a key that says what is checked, such as url:'],
    [['url', 'command'], 'has more than one check: keep one of url, command'],
  ])('%j', (present, problem) => {
    expect(kindProblem((key) => present.includes(key), kinds)).toBe(problem)
  })
})
