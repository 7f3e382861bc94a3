import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSocket } from 'node:dgram'
import { join } from 'node:path'
import { root } from '../../../scripts/stack/shipped-files.ts'
import { parseCondition } from '../../../src/foreign/gatus/condition.ts'
import { gatusImporter } from '../../../src/foreign/gatus/import.ts'
import { statusRanges } from '../../../src/foreign/gatus/status.ts'
import { withReferences } from '../../../src/foreign/gatus/variables.ts'
import { answerTo, data, startDnsServer, type DnsServer } from '../../support/servers/dns-server.ts'
import { answer } from '../../support/servers/faults.ts'
import { startFaultServer, type FaultServer } from '../../support/servers/fault-server.ts'
import { importDocument, importFile, probeImported } from '../support.ts'

const fixture = join(root, 'test/commands/import/fixtures/gatus.yaml')

describe('probity import gatus', () => {
  it('makes a valid file of every documented key', async () => {
    const { config } = await importFile(gatusImporter, fixture)
    expect(config.targets.map(({ name, check }) => [name, check.kind])).toEqual([
      ['website', 'http'],
      ['website (other)', 'http'],
      ['graph', 'http'],
      ['fast', 'http'],
      ['database', 'tcp'],
      ['certificate', 'tls'],
      ['mail', 'tls'],
      ['ping', 'icmp'],
      ['name', 'dns'],
      ['socket', 'websocket'],
      ['rpc', 'grpc'],
      ['login', 'ssh'],
      ['backup', 'heartbeat'],
    ])
  })

  it('carries over what an endpoint says', async () => {
    const { config } = await importFile(gatusImporter, fixture)
    expect(config.target('website')).toMatchObject({
      interval: 90,
      timeout: 0.3,
      alertAfter: 4.5 * 90,
      labels: { group: 'core', environment: 'prod', own_severity: 'high' },
      expect: { maxLatency: 0.3, minCertificate: 2 * 86_400 },
      check: {
        method: 'POST',
        headers: { 'X-Token': 'token' },
        body: '{"costs": "$5"}',
        followRedirects: false,
        auth: { type: 'oauth2', clientSecret: 'sesame' },
        tls: { verify: false },
      },
    })
    expect(config.target('graph')?.check).toMatchObject({
      body: '{"query":"{ me { id } }"}',
      headers: { 'Content-Type': 'application/json' },
    })
    expect(config.target('backup')?.check).toMatchObject({ rhythm: 25 * 3600, token: 'push' })
    expect(config.target('mail')?.check).toMatchObject({ startTls: 'smtp', tls: { verify: false } })
    expect(config.target('rpc')?.check).toMatchObject({ useTls: true })
  })

  it('keeps variables variables, and writes no secret', async () => {
    const { text } = await importFile(gatusImporter, fixture)
    expect(text).toContain('client_secret: ${SECRET}')
    expect(text).not.toContain('sesame')
    expect(withReferences({ a: ['$$5 $A ${B} $${C}'] })).toEqual({ a: ['$5 ${A} ${B} $${C}'] })
  })

  it('keeps what is not enabled, and pauses it', async () => {
    const { config, notes } = await importFile(gatusImporter, fixture)
    expect(config.targets.map(({ name }) => name)).not.toContain('off')
    expect(config.target('off')).toMatchObject({ paused: true })
    expect(notes.filter((note) => note.startsWith('endpoints[13]') && note.includes('left out'))).toEqual([])
    const externals = ['a', 'b'].map((name) => ({
      name,
      enabled: name === 'a',
      token: 'push',
      heartbeat: { interval: '1h' },
    }))
    const other = await importDocument(gatusImporter, { 'external-endpoints': externals })
    expect(other.config.targets.map(({ name }) => name)).toEqual(['a'])
    expect(other.config.target('b')).toMatchObject({ paused: true })
  })

  it('notes everything that could not be carried over', async () => {
    const { notes } = await importFile(gatusImporter, fixture)
    const at = 'endpoints[0]'
    const expected = [
      `${at}.conditions[9]: [IP] cannot be expected here`,
      `${at}.conditions[10]: write a target with domain: and expect.domain_days`,
      `${at}.conditions[11]: "nonsense" has a form that is not supported here`,
      `${at}.client.dns-resolver: names are looked up as the system does`,
      `${at}.alerts: notified pagerduty: write its channel in notify.yml, and notify: here`,
      'endpoints[12]: "game" is left out: without a body nothing is sent, so that nothing can fail: write a udp target with send:',
      'endpoints[11].ssh: there is no login: only what the server says before it is checked',
    ]
    for (const note of expected) expect(notes).toContain(note)
    expect(notes.filter((note) => note.startsWith('endpoints:'))).toEqual([])
  })

  it('makes channels of the providers, with their secrets in a file of the environment', async () => {
    const url = 'https://a.example'
    const { config, notify, files, secrets, notes } = await importDocument(gatusImporter, {
      alerting: {
        slack: {
          'webhook-url': '${SLACK_URL}',
          'default-alert': { 'failure-threshold': 5, 'success-threshold': 4 },
        },
        email: {
          host: 'smtp.example',
          port: 465,
          username: 'me',
          password: 'sesame-mail',
          from: 'a@example.com',
          to: 'b@example.com,c@example.com',
        },
        telegram: { token: '1:sesame-telegram', id: '-100', overrides: [{ group: 'core', id: '-200' }] },
        pagerduty: {},
        homeassistant: { url: 'https://home.example', token: 'sesame-home' },
      },
      endpoints: [
        {
          name: 'a',
          url,
          alerts: [{ type: 'slack' }, { type: 'email', 'failure-threshold': 5, 'success-threshold': 4 }],
        },
        { name: 'b', url, alerts: [{ type: 'homeassistant' }] },
        { name: 'c', url },
      ],
    })
    expect(notify?.channels.map(({ name, type, settings }) => [name, type, settings])).toMatchObject([
      ['slack', 'slack', { webhook_url: 'https://hooks.example/' }],
      [
        'email',
        'email',
        { to: ['b@example.com', 'c@example.com'], tls: 'implicit', smtp_password: 'sesame-mail' },
      ],
      ['telegram', 'telegram', { bot_token: '1:sesame-telegram', chat_id: '-100' }],
    ])
    expect(config.target('a')).toMatchObject({
      alertAfter: 4.5 * 60,
      recoverAfter: 4,
      labels: { notify: 'slack,email' },
    })
    expect(config.target('b')).toMatchObject({ recoverAfter: 2 })
    expect(config.target('c')?.labels).toMatchObject({ notify: 'log' })
    expect(Object.values(secrets)).toEqual(['sesame-mail', '1:sesame-telegram'])
    for (const text of [...Object.values(files), ...notes]) expect(text).not.toContain('sesame')
    expect(notes).toEqual(
      expect.arrayContaining([
        'alerting.pagerduty: has no integration-key',
        'alerting.homeassistant: has no channel that is converted: docs/channels.md has all channels',
        'alerting.telegram.overrides: a group has other values: write another channel, and notify: in its targets',
        'endpoints[1].alerts: notified homeassistant: write its channel in notify.yml, and notify: here',
      ]),
    )
  })

  it('makes windows of maintenances', async () => {
    const window = {
      start: '23:30',
      duration: '1h30m',
      timezone: 'Europe/Berlin',
      every: ['Sunday', 'Friday'],
    }
    const endpoint = {
      name: 'a',
      url: 'https://a.example',
      'maintenance-windows': [window, { enabled: false }],
    }
    const { config, text, notes } = await importDocument(gatusImporter, {
      maintenance: { start: '04:00', duration: '1h' },
      endpoints: [endpoint, { name: 'b', url: 'https://b.example', 'maintenance-windows': [{ start: '1' }] }],
    })
    expect(text).toContain('maintenance:\n  - schedule: 0 4 * * *\n    duration: 1h\n    timezone: UTC\n')
    expect(text).toContain(
      'schedule: 30 23 * * 0,5\n        duration: 1h30m\n        timezone: Europe/Berlin\n',
    )
    expect(config.target('a')?.maintenance).toHaveLength(2)
    expect(notes).toContain('endpoints[1].maintenance-windows[0]: write maintenance: docs/targets.md')
  })

  it('makes a target with steps of a suite', async () => {
    const step = (name: string, more: object): object => ({ name, conditions: ['[STATUS] == 200'], ...more })
    const suite = {
      ...{ name: 'items', group: 'api', interval: '5m', context: { price: '19.99' } },
      endpoints: [
        step('create', {
          url: 'https://api.example/items',
          method: 'POST',
          body: '{"price": "[CONTEXT].price"}',
          conditions: [
            '[STATUS] == 201',
            '[BODY].price == [CONTEXT].price',
            '[CERTIFICATE_EXPIRATION] > 48h',
          ],
          store: { itemId: '[BODY].id', at: '[RESPONSE_TIME]' },
        }),
        step('get it', {
          url: 'https://api.example/items/[CONTEXT].itemId',
          conditions: ['[STATUS] == 200', '[BODY].id == [CONTEXT].itemId'],
        }),
        step('delete', {
          url: 'https://api.example/items/[CONTEXT].itemId',
          method: 'DELETE',
          'always-run': true,
        }),
      ],
    }
    const { config, notes } = await importDocument(gatusImporter, {
      suites: [suite, { name: 'other', endpoints: [{ name: 'a', url: 'tcp://a:1' }] }],
    })
    expect(config.target('items')).toMatchObject({
      interval: 300,
      timeout: 270,
      labels: { group: 'api' },
      check: {
        kind: 'transaction',
        steps: [{ name: 'create' }, { name: '2-get-it' }, { name: 'delete', always: true }],
      },
    })
    for (const note of [
      'suites[0].endpoints[0].store.at: only a value of the JSON body can be captured',
      'suites[0].endpoints[0].conditions: certificate_days is a key of the target',
      'suites[0].endpoints[1].conditions[1]: "[BODY].id == {{itemId}}" has a form that is not supported here',
      'suites[1]: "other" is left out: only steps over HTTP are supported here',
    ])
      expect(notes).toContain(note)
  })

  it('refuses what is not a Gatus file', async () => {
    await expect(importDocument(gatusImporter, { targets: [] })).rejects.toMatchObject({
      code: 'IMPORT_UNKNOWN',
    })
  })
})

describe('a condition of Gatus', () => {
  it.each([
    ['[STATUS] == 200', { subject: 'STATUS', path: '', operator: '==' }],
    ['200 < [STATUS]', { subject: 'STATUS', operator: '>' }],
    [
      'len([BODY].data[0].items) >= 3',
      { subject: 'BODY', path: '.data[0].items', around: 'len', operator: '>=' },
    ],
    [
      '[BODY] == pat(*a == b*)',
      { subject: 'BODY', operand: { form: 'pat', values: [{ text: '*a == b*', isPattern: true }] } },
    ],
    [
      '[STATUS] == any(200, pat(3*))',
      { operand: { form: 'any', values: [{ text: '200' }, { text: '3*', isPattern: true }] } },
    ],
  ])('%s', (text, parts) => {
    expect(parseCondition(text)).toMatchObject(parts)
  })

  it.each(['', '[STATUS]', '[STATUS] ~ 200', '[STATUS]==200', '[STATUS] == [BODY]'])('%p is none', (text) => {
    expect(parseCondition(text)).toBeUndefined()
  })

  it.each([
    [['[STATUS] == 200'], [200]],
    [['[STATUS] < 300'], ['100-299']],
    [
      ['[STATUS] >= 200', '[STATUS] < 400', '[STATUS] != 304'],
      ['200-303', '305-399'],
    ],
    [['[STATUS] == any(200, 201, 429)'], ['200-201', 429]],
    [['[STATUS] == pat(2*)'], ['200-299']],
    [['[STATUS] != pat(5*)'], ['100-499']],
    [[`[STATUS] == pat(${'*'.repeat(5000)}x)`], []],
    [['[STATUS] != any(500, 599)'], ['100-499', '501-598']],
    [[], ['100-599']],
  ])('%j are the codes %j', (texts, ranges) => {
    expect(statusRanges(texts.map((text) => parseCondition(text)!))).toEqual(ranges)
  })
})

describe('a target that was one of Gatus fails where its conditions are not met', () => {
  let server: FaultServer
  let names: DnsServer

  beforeAll(async () => {
    server = await startFaultServer({
      routes: {
        '/json': answer('{"status":"UP","where":"plain","data":{"count":3,"ok":true,"items":[{"id":"a"}]}}'),
        '/lines': answer('first line\nall is healthy\n'),
        '/plain': answer('pong'),
      },
    })
    names = await startDnsServer({
      udp: (query) => [answerTo(query, { answer: [{ type: 1, data: data.a('192.0.2.1') }] })],
    })
  })
  afterAll(async () => {
    await server.stop()
    await names.stop()
  })

  it.each([
    ['/plain', '[STATUS] == 200', true],
    ['/unavailable', '[STATUS] == 200', false],
    ['/unavailable', '[STATUS] == any(200, 503)', true],
    ['/unavailable', '[STATUS] < 500', false],
    ['/unavailable', '[CONNECTED] == true', true],
    ['/plain', '[BODY] == pong', true],
    ['/plain', '[BODY] == pon', false],
    ['/plain', '[BODY] != pong', false],
    ['/plain', '[BODY] == any(ping, pong)', true],
    ['/lines', '[BODY] == pat(*healthy*)', true],
    ['/lines', '[BODY] == pat(healthy*)', false],
    ['/lines', '[BODY] != pat(*error*)', true],
    ['/json', '[BODY].status == UP', true],
    ['/json', '[BODY].status == DOWN', false],
    ['/json', '[BODY].data.count == 3', true],
    ['/json', '[BODY].data.ok == true', true],
    ['/json', '[BODY].data.items[0].id == b', false],
    ['/json', '[BODY].nothing == x', false],
    ['/json', '[BODY].status != DOWN', true],
    ['/json', '[BODY].status != UP', false],
    ['/json', '[BODY].status == any(UP, DEGRADED)', true],
    ['/json', '[BODY].status == any(DOWN, pat(D*))', false],
    ['/json', '[BODY].status != any(DOWN, DEGRADED)', true],
    ['/json', '[BODY].status == pat(U*)', true],
    ['/json', '[BODY].status != pat(U*)', false],
    ['/json', '[BODY].data.count < 4', true],
    ['/json', '3 < [BODY].data.count', false],
    ['/json', '[BODY].data.count >= 3', true],
    ['/json', 'len([BODY].data.items) == 1', true],
    ['/json', 'len([BODY].data.items) > 1', false],
    ['/json', 'len([BODY].data.items) == any(2, 3)', false],
    ['/json', 'len([BODY].status) != 2', false],
    ['/json', 'has([BODY].errors) == false', true],
    ['/json', 'has([BODY].data) == false', false],
    ['/json', 'has([BODY].data) != false', true],
    ['/silent', '[RESPONSE_TIME] < 200', false],
    ['/plain', '[RESPONSE_TIME] < 5000', true],
  ])('%s: %s is %p', async (path, condition, success) => {
    const url = server.url + path
    const outcome = await importDocument(gatusImporter, {
      endpoints: [{ name: 'it', url, conditions: [condition] }],
    })
    expect((await probeImported(outcome)).success).toBe(success)
  })

  it.each([
    '[BODY].status < UP',
    'len([BODY].data.items) == a',
    'has([BODY].data) > 3',
    'has([BODY].data) == maybe',
  ])('%s is noted', async (condition) => {
    const endpoint = { name: 'it', url: server.url, conditions: [condition] }
    const { notes } = await importDocument(gatusImporter, { endpoints: [endpoint] })
    expect(notes).toContain('endpoints[0].conditions[0]: cannot be expected here')
  })

  it('on a number that no double holds', async () => {
    const endpoint = { name: 'it', url: server.url, conditions: ['[BODY].id == 9007199254740993'] }
    const { text } = await importDocument(gatusImporter, { endpoints: [endpoint] })
    expect(text).toContain('$.id: 9007199254740993\n')
  })

  it('on several conditions about one value', async () => {
    const conditions = [
      '[BODY].data.count > 1',
      '[BODY].data.count < 9',
      '[BODY].data.count != 4',
      '[BODY].data.count != 5',
    ]
    const url = `${server.url}/json`
    const outcome = await importDocument(gatusImporter, { endpoints: [{ name: 'it', url, conditions }] })
    expect(outcome.notes.filter((note) => note.includes('conditions'))).toEqual([])
    expect((await probeImported(outcome)).success).toBe(true)
    const failing = { name: 'it', url, conditions: [...conditions, '[BODY].data.count != 3'] }
    expect((await probeImported(await importDocument(gatusImporter, { endpoints: [failing] }))).success).toBe(
      false,
    )
  })

  it.each([
    ['[BODY] == 192.0.2.1', true],
    ['[BODY] == 192.0.2.11', false],
    ['[BODY] == 92.0.2.1', false],
    ['[DNS_RCODE] == NOERROR', true],
    ['[DNS_RCODE] == NXDOMAIN', false],
  ])('a name: %s is %p', async (condition, success) => {
    const dns = { 'query-name': 'shop.example', 'query-type': 'A' }
    const endpoint = { name: 'it', url: names.address, dns, conditions: [condition] }
    const outcome = await importDocument(gatusImporter, { endpoints: [endpoint] })
    expect((await probeImported(outcome)).success).toBe(success)
  })

  it.each([
    ['[BODY] == pat(*200*)', true],
    ['[BODY] == pat(*500*)', false],
  ])('a port to which a body is sent: %s is %p', async (condition, success) => {
    const url = server.url.replace('http', 'tcp')
    const endpoint = {
      name: 'it',
      url,
      body: 'GET /plain HTTP/1.0\r\n\r\n',
      conditions: [condition],
      client: { timeout: '2s' },
    }
    const outcome = await importDocument(gatusImporter, { endpoints: [endpoint] })
    expect((await probeImported(outcome)).success).toBe(success)
  })

  it.each([
    ['pong', true],
    ['ping', false],
  ])('a datagram whose answer must be %s: %p', async (expected, success) => {
    const socket = createSocket('udp4')
    socket.on('message', (_message, { port, address }) => {
      socket.send('pong', port, address)
    })
    await new Promise<void>((resolve) => {
      socket.bind(0, '127.0.0.1', resolve)
    })
    const url = `udp://127.0.0.1:${socket.address().port}`
    const endpoint = {
      name: 'it',
      url,
      body: 'ping',
      conditions: [`[BODY] == ${expected}`],
      client: { timeout: '2s' },
    }
    const outcome = await importDocument(gatusImporter, { endpoints: [endpoint] })
    expect((await probeImported(outcome)).success).toBe(success)
    socket.close()
  })

  it('a suite, with what its first step stores', async () => {
    const step = (name: string, path: string, more = {}): object => ({
      name,
      url: server.url + path,
      ...more,
    })
    const suite = (condition: string): object => ({
      name: 'it',
      endpoints: [
        step('first', '/json', { store: { where: '[BODY].where' }, conditions: ['[STATUS] == 200'] }),
        step('second', '/[CONTEXT].where', { conditions: [condition] }),
      ],
    })
    for (const [condition, success] of [
      ['[BODY] == pong', true],
      ['[BODY] == ping', false],
    ] as const) {
      const outcome = await importDocument(gatusImporter, { suites: [suite(condition)] })
      expect((await probeImported(outcome)).success).toBe(success)
    }
  })

  it('a port that is closed is not connected', async () => {
    const conditions = ['[CONNECTED] == true']
    for (const [url, success] of [
      [server.url.replace('http', 'tcp'), true],
      ['tcp://127.0.0.1:1', false],
    ] as const) {
      const outcome = await importDocument(gatusImporter, { endpoints: [{ name: 'it', url, conditions }] })
      expect((await probeImported(outcome)).success).toBe(success)
    }
  })
})
