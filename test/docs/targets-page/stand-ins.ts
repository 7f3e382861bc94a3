import { once } from 'node:events'
import { createServer } from 'node:http'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { atEnd } from '../../support/at-end.ts'
import { deadUrl, startHttpPeer, type Received, type Reply } from '../../support/servers/http-peer.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { json, startSite, talk } from '../support/servers.ts'
import type { Row, Rows } from '../support/try-examples.ts'
import { secretOf } from '../support/try-target.ts'

const page = { status: 200, body: '<title>Example</title>' }

/** Where a site is that stands in for every host of a text. */
function everyHost(text: string, port: number): Record<string, string> {
  const origins = new Set(text.match(/https:\/\/[\w.-]+/g))
  return Object.fromEntries([...origins].map((origin) => [origin, `${origin}:${port}`]))
}

/** A site that answers everything alike, and then otherwise. */
function site(
  healthy: Reply | ((request: Received) => Reply) = page,
  broken: Reply = { status: 503 },
  { reason, message }: Pick<Row, 'reason' | 'message'> = { reason: 'status', message: /got 503/ },
): Row {
  return {
    async start(text) {
      const answers = { '*': healthy }
      const port = await startSite(answers)
      return { places: everyHost(text, port), fail: () => (answers['*'] = broken) }
    },
    reason,
    message,
  }
}

/** An answer for those who send a header like this. */
const withHeader =
  (name: string, value: string, reply: Reply = page) =>
  ({ headers }: Received): Reply =>
    headers[name] === value ? reply : { status: 403 }

const queue = {
  status: 'degraded',
  queued_jobs: 99,
  incidents: [],
  version: '2.1',
  workers: [{ state: 'idle' }],
}

const charges = { object: 'list', data: [{ status: 'paid' }] }

/** Where requests and answers are described. */
const described: Rows = {
  'Every key of `expect`: stripe-charges': site(
    withHeader('authorization', `Bearer ${secretOf('STRIPE_KEY')}`, json(charges)),
    json({ ...charges, data: [{ status: 'failed' }] }),
    { reason: 'body', message: /\$\.data\[0\]\.status/ },
  ),
  'Every key of `expect`: login': site(
    ({ method, headers, body }) =>
      method === 'POST' &&
      headers['content-type'] === 'application/json' &&
      body === `{"user":"probe","password":"${secretOf('PROBE_PASSWORD')}"}`
        ? { status: 302, headers: { location: 'https://shop.example.com/account', server: 'nginx' } }
        : { status: 400 },
    { status: 302, headers: { location: '/account', server: 'nginx/1.22' } },
    { reason: 'header', message: /server/ },
  ),
  'Every key of `expect`: flaky-partner': site(),
  'Every key of `expect`: queue': site(
    json(queue),
    json({ ...queue, workers: [{ state: 'idle' }, { state: 'failed' }] }),
    {
      reason: 'body',
      message: /\$\.workers\[\*\]\.state/,
    },
  ),
  'Every key of `expect`: workers': site(
    json({ busy: 1, total: 2, workers: [{ state: 'idle' }] }),
    json({ busy: 2, total: 2, workers: [] }),
    { reason: 'body', message: /body\.busy < body\.total/ },
  ),
}

/** Where credentials or another way to the server are described. */
const reached: Rows = {
  'Tokens and other credentials: payments': {
    async start(text) {
      let known = `Basic ${Buffer.from(`probity:${secretOf('PAYMENTS_SECRET')}`).toString('base64')}`
      const port = await startSite({
        'POST /oauth2/token': ({ headers, body }) => {
          const { scope, audience } = Object.fromEntries(new URLSearchParams(body))
          const asked = scope === 'payments.read' && audience === `https://api.example.com:${port}`
          return asked && headers['authorization'] === known
            ? json({ access_token: 'sesame', expires_in: 3600 })
            : json({ error: 'invalid_client' }, 401)
        },
        'GET /v1/payments': withHeader('authorization', 'Bearer sesame'),
      })
      return { places: everyHost(text, port), fail: () => (known = 'another') }
    },
    reason: 'status',
    message: /^no token from .*got 401 \(invalid_client\)$/,
  },
  'Over a Unix socket: docker': {
    async start() {
      let status = 200
      const path = join(await tempFolder(), 'docker.sock')
      const server = createServer(({ url, headers: { host } }, response) => {
        response.writeHead(url === '/_ping' && host === 'docker' ? status : 404).end()
      })
      server.listen(path)
      await once(server, 'listening')
      atEnd(() => server.close())
      return { places: { '/run/docker.sock': path }, fail: () => (status = 500) }
    },
    reason: 'status',
    message: /got 500/,
  },
  'Secrets: billing': {
    async start() {
      const known = `Basic ${Buffer.from('probe:sesame').toString('base64')}`
      const port = await startSite({ 'GET /health': withHeader('authorization', known) })
      const secrets = { '/run/secrets/billing': 'sesame' }
      return {
        places: { 'billing.example.com}': `billing.example.com}:${port}` },
        secrets,
        fail: () => (secrets['/run/secrets/billing'] = 'another'),
      }
    },
    reason: 'status',
    message: /got 403/,
  },
  'Commands: my-blog': {
    async start() {
      let status = 200
      const peer = await startHttpPeer(() => ({ status }))
      return { places: { 'https://blog.example.org': peer.url }, fail: () => (status = 503) }
    },
    reason: 'command',
    message: /exited with 22$/,
  },
  'Commands: free-space': {
    start() {
      // Only root may become somebody else.
      const places = { 'user: nobody': `user: ${userInfo().username}`, 'df --output=pcent /': 'echo 84%' }
      return Promise.resolve({ places, fail: () => (places['df --output=pcent /'] = 'echo 85%') })
    },
    reason: 'command',
    message: /exited with 1$/,
  },
  'The way to a target: branch-office': {
    async start() {
      const place = 'vpn.example.com:1194'
      const places = { [place]: `vpn.example.com:${await talk((socket) => socket.resume())}` }
      return { places, fail: () => (places[place] = `vpn.example.com:${new URL(deadUrl).port}`) }
    },
    reason: 'connect',
    message: /ECONNREFUSED/,
  },
  'From a URL: shop': site(withHeader('authorization', `Bearer ${secretOf('PROBE_SHOP_KEY')}`)),
  'The short form: http://intranet.example.com:8080/health': {
    async start() {
      let status = 200
      const peer = await startHttpPeer(({ path }) => ({ status: path === '/health' ? status : 404 }))
      return { places: { ':8080': `:${new URL(peer.url).port}` }, fail: () => (status = 503) }
    },
    reason: 'status',
    message: /got 503/,
  },
}

const fromDefaults = site(withHeader('user-agent', 'acme-monitoring'))

/** Where other things than the server are described. */
const plain: Rows = {
  'The short form: https://example.com': site(),
  'The short form: search': site(),
  'Calls of your own programs: stripe-charges': site(),
  'Where a value comes from: https://a.example.com': fromDefaults,
  'Where a value comes from: b': fromDefaults,
  'Where a value comes from: c': site(),
  'Where a value comes from: d': site({ status: 204 }),
  'What a target depends on: gateway': site(),
  'What a target depends on: shop': site(),
  'What a target depends on: checkout': site(),
  'What a target depends on: payments': site(),
  'Pausing a target: old shop': site(),
  'Renaming a target: store': site(),
  'Maintenance: shop': site(),
  'Maintenance: backup': site(),
  'A check that is made again: shop': site(),
  'Modules: intranet': site({ status: 401 }),
  'Modules: report': site(),
  'Vendors: stripe': site(),
  'More than one file: https://a.example.com': site(),
  'More than one file: https://b.example.com': site(),
  'More than one file: https://c.example.com': site(),
}

/** What stands in for the servers of the examples of docs/targets.md. */
export const standIns: Rows = { ...described, ...reached, ...plain }
