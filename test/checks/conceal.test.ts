import { describe, expect, it } from 'vitest'
import { parse, parseTarget } from '../support/parse-config.ts'

const env = {
  HOST: 'api.example.com',
  BASE: 'https://api.example.com/v2',
  KEY: 'key-from-env',
  USER: 'user-from-env',
}

describe('the instance of a target', () => {
  it.each([
    ['https://me:secret@shop.example.com:8443/a/b?key=c#d', 'https://shop.example.com:8443/a/b'],
    ['https://${HOST}/health', 'https://api.example.com/health'],
    ['https://${HOST}', 'https://api.example.com/'],
    ['https://shop.example.com/hooks/${KEY}/x', 'https://shop.example.com/hooks/<secret>/x'],
    ['https://shop.example.com/${KEY}?a=${KEY}', 'https://shop.example.com/<secret>'],
    ['${BASE}/health', 'https://api.example.com/<secret>/health'],
    ['https://${USER}:${KEY}@${HOST}/x', 'https://api.example.com/x'],
    ['https://shop.example.com/?next=//a@b/', 'https://shop.example.com/'],
  ])('of %s is %s', (url, instance) => {
    expect(parseTarget(`targets: [{ name: shop, url: "${url}" }]`, { env }).instance).toBe(instance)
  })
})

describe('what may be shown of a target', () => {
  it('is what was written, with what it inherits and what follows from it', () => {
    const { shown } = parseTarget(
      `
defaults: { interval: 1m, labels: { team: a } }
modules: { login: { expect: { status: [2xx, 401] } } }
targets:
  - { name: shop, url: "https://\${HOST}/", module: login, labels: { vendor: b }, auth: { bearer: "\${KEY}" } }
`,
      { env },
    )
    expect(shown).toEqual({
      name: 'shop',
      url: 'https://${HOST}/',
      module: 'login',
      interval: '1m',
      timeout: '10s',
      alert_after: 3,
      severity: 'critical',
      labels: { team: 'a', vendor: 'b' },
      auth: { bearer: '${KEY}' },
      method: 'GET',
      follow_redirects: true,
      http2: false,
      traceparent: true,
      ip_protocol: 'auto',
      ip_protocol_fallback: true,
      tls: { verify: true },
      expect: {
        status: ['2xx', 401],
        max_latency: '1s',
        max_error_rate: '5%',
        slo: '95%',
        certificate_days: 14,
        max_body: '10MiB',
      },
    })
  })

  const shownOf = (lines: string) =>
    parseTarget(`targets:\n  - name: shop\n    url: https://a.example.com\n${lines}`, { env })

  it.each([
    ['    auth: { bearer: hunter2 }', { auth: { bearer: '<secret>' } }, ['hunter2']],
    ['    auth: { bearer: "${KEY:-hunter2}" }', { auth: { bearer: '<secret>' } }, ['key-from-env']],
    [
      '    auth: { basic: { username: me, password: "${KEY}" } }',
      { auth: { basic: { username: '<secret>', password: '${KEY}' } } },
      ['me', 'key-from-env', Buffer.from('me:key-from-env').toString('base64')],
    ],
    [
      '    headers: { authorization: Bearer hunter2 }',
      { headers: { authorization: '<secret>' } },
      ['Bearer hunter2', 'hunter2'],
    ],
    [
      '    headers: { Authorization: "Bearer ${KEY}" }',
      { headers: { Authorization: 'Bearer ${KEY}' } },
      ['key-from-env'],
    ],
    ['    headers: { Cookie: id=5 }', { headers: { Cookie: '<secret>' } }, ['id=5']],
    ['    headers: { X-Api-Key: hunter2 }', { headers: { 'X-Api-Key': '<secret>' } }, ['hunter2']],
    [
      '    headers: { Proxy-Authorization: hunter2 }',
      { headers: { 'Proxy-Authorization': '<secret>' } },
      ['hunter2'],
    ],
    [
      '    headers: { Accept: text/html, X-Site: "${HOST}" }',
      { headers: { Accept: 'text/html', 'X-Site': '${HOST}' } },
      ['api.example.com'],
    ],
    ['    body: \'{"password":"hunter2"}\'', { body: '<secret>' }, ['{"password":"hunter2"}']],
    ['    body: ping ${KEY}', { body: 'ping ${KEY}' }, ['key-from-env']],
    ['    expect: { body: { contains: "${KEY}" } }', {}, ['key-from-env']],
    ['    expect: { not_headers: { server: [a, "${KEY}"] } }', {}, ['key-from-env']],
    ['    expect: { headers_if_present: { server: "${KEY}" } }', {}, ['key-from-env']],
    ['    labels: { team: "${USER}" }', { labels: { team: '${USER}' } }, []],
  ])('%s', (lines, shown, secrets) => {
    const target = shownOf(lines)
    expect(target.shown).toMatchObject(shown)
    expect(target.secrets).toEqual(expect.arrayContaining(secrets))
    if (secrets.length === 0) expect(target.secrets).toEqual([])
  })

  it.each([
    ['https://me:hunter2@a.example.com/', 'https://<secret>@a.example.com/', ['me', 'hunter2']],
    [
      'https://${USER}:${KEY}@a.example.com/',
      'https://${USER}:${KEY}@a.example.com/',
      ['user-from-env', 'key-from-env'],
    ],
    [
      'https://a.example.com/?limit=1&api_key=hunter2',
      'https://a.example.com/?limit=1&api_key=<secret>',
      ['hunter2'],
    ],
    ['https://a.example.com/?token=${KEY}', 'https://a.example.com/?token=${KEY}', ['key-from-env']],
    ['https://a.example.com/${KEY}', 'https://a.example.com/${KEY}', ['key-from-env']],
  ])('%s is shown as %s', (url, shown, secrets) => {
    const target = parseTarget(`targets: [{ name: shop, url: "${url}" }]`, { env })
    expect(target.shown).toHaveProperty('url', shown)
    expect(target.secrets).toEqual(expect.arrayContaining(secrets))
  })

  it('does not take a host for a secret', () => {
    expect(parseTarget('targets: [{ name: a, url: "https://${HOST}/" }]', { env }).secrets).toEqual([])
  })

  it('never holds what ${...} expanded to in the place of a credential', () => {
    const text = `
targets:
  - name: shop
    url: https://\${USER}:\${KEY}@a.example.com/\${KEY}?q=\${KEY}
    headers: { X-Token: "a \${KEY} b" }
    body: "token=\${KEY}"
`
    const { targets } = parse(text, { env })
    expect(
      JSON.stringify(targets.map(({ shown, instance, labels }) => [shown, instance, labels])),
    ).not.toContain('from-env')
  })
})
