import { mkdtemp, readFile } from 'node:fs/promises'
import { request, type IncomingMessage } from 'node:http'
import { request as requestTls } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addToken } from '../../src/tokens/edit.ts'
import { scopes, type Scope } from '../../src/tokens/scopes.ts'
import { createCertificate } from '../support/certificates.ts'
import { ask as askPage, basic } from './support/ask.ts'
import {
  notifierToken,
  password,
  startService,
  users,
  type ServiceName,
  type TestService,
} from './support/services.ts'

type Stranger =
  | 'nobody'
  | 'a wrong token'
  | 'an expired token'
  | 'a wrong password'
  | 'a changed cookie'
  | 'a header from outside'
type Known = 'a password' | 'a cookie' | 'a client certificate' | 'the proxy' | Scope

interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  /** Who may use it besides those who may do everything. `the token of the notifier`: only who has that, whatever else they may. */
  readonly wants: Scope | 'public' | 'the token of the notifier'
}

const watching: readonly Route[] = [
  { method: 'GET', path: '/-/healthy', wants: 'public' },
  { method: 'GET', path: '/-/ready', wants: 'public' },
  { method: 'GET', path: '/login', wants: 'public' },
  { method: 'GET', path: '/docs/alerts', wants: 'public' },
  { method: 'GET', path: '/public/', wants: 'public' },
  { method: 'GET', path: '/public/api/v1/targets', wants: 'public' },
  { method: 'GET', path: '/public', wants: 'public' },
  { method: 'GET', path: '/public/badge/open.svg', wants: 'public' },
  { method: 'GET', path: '/public/assets/none/style.css', wants: 'public' },
  { method: 'GET', path: '/status/shop', wants: 'public' },
  { method: 'GET', path: '/status/shop/', wants: 'public' },
  { method: 'GET', path: '/status/shop/api/v1/targets', wants: 'public' },
  { method: 'GET', path: '/status/shop/badge/open.svg', wants: 'public' },
  { method: 'GET', path: '/status/shop/assets/none/style.css', wants: 'public' },
  { method: 'GET', path: '/public/feed.atom', wants: 'public' },
  { method: 'GET', path: '/public/feed.rss', wants: 'public' },
  { method: 'GET', path: '/public/feed.json', wants: 'public' },
  { method: 'GET', path: '/status/shop/feed.atom', wants: 'public' },
  { method: 'GET', path: '/status/shop/feed.rss', wants: 'public' },
  { method: 'GET', path: '/status/shop/feed.json', wants: 'public' },
  { method: 'GET', path: '/status/shop/../../metrics', wants: 'public' },
  { method: 'POST', path: '/status/shop/', wants: 'admin' },
  { method: 'POST', path: '/public/subscribe', wants: 'public' },
  { method: 'POST', path: '/status/shop/subscribe', wants: 'public' },
  { method: 'GET', path: '/status/shop/subscription?t=x', wants: 'public' },
  { method: 'GET', path: '/public/subscription?t=x', wants: 'public' },
  { method: 'POST', path: '/public/subscription?t=x', wants: 'public' },
  { method: 'POST', path: '/status/shop/subscription?t=x', wants: 'public' },
  { method: 'GET', path: '/api/v1/subscribers', wants: 'subscribers' },
  { method: 'DELETE', path: '/api/v1/subscribers', wants: 'subscribers' },
  { method: 'GET', path: '/assets/none/style.css', wants: 'public' },
  { method: 'GET', path: '/login/oidc', wants: 'public' },
  { method: 'GET', path: '/login/oidc/callback', wants: 'public' },
  { method: 'GET', path: '/', wants: 'read' },
  { method: 'GET', path: '/docs/solo', wants: 'read' },
  { method: 'GET', path: '/incidents', wants: 'read' },
  { method: 'GET', path: '/incidents/none', wants: 'read' },
  { method: 'GET', path: '/targets/open', wants: 'read' },
  { method: 'GET', path: '/targets/open/explained', wants: 'read' },
  { method: 'GET', path: '/badge/job.svg', wants: 'read' },
  { method: 'GET', path: '/metrics', wants: 'read' },
  { method: 'GET', path: '/sd', wants: 'read' },
  { method: 'GET', path: '/api/v1/targets', wants: 'read' },
  { method: 'GET', path: '/api/v1/openapi.json', wants: 'read' },
  { method: 'GET', path: '/config', wants: 'admin' },
  { method: 'GET', path: '/CONFIG/', wants: 'admin' },
  { method: 'GET', path: '/api/v1/targets/open', wants: 'read' },
  { method: 'GET', path: '/api/v1/targets/open/series', wants: 'read' },
  { method: 'GET', path: '/api/v1/targets/open/explanation', wants: 'read' },
  { method: 'GET', path: '/api/v1/incidents', wants: 'read' },
  { method: 'GET', path: '/api/v1/calls/tail', wants: 'read' },
  { method: 'GET', path: '/api/v1/report', wants: 'report' },
  { method: 'GET', path: '/api/v1/checks', wants: 'report' },
  { method: 'POST', path: '/api/v1/results', wants: 'results' },
  { method: 'GET', path: '/api/v1/marks', wants: 'read' },
  { method: 'POST', path: '/api/v1/marks', wants: 'marks' },
  { method: 'POST', path: '/api/v1/command-runs', wants: 'commands' },
  { method: 'POST', path: '/api/v1/marks/github', wants: 'public' },
  { method: 'POST', path: '/api/v1/marks/gitlab', wants: 'public' },
  { method: 'GET', path: '/targets/open/picture.jpg', wants: 'read' },
  { method: 'GET', path: '/silences', wants: 'read' },
  { method: 'GET', path: '/api/v1/silences', wants: 'read' },
  { method: 'POST', path: '/silences', wants: 'silence' },
  { method: 'POST', path: '/silences/acknowledge', wants: 'silence' },
  { method: 'POST', path: '/silences/none/end', wants: 'silence' },
  { method: 'POST', path: '/api/v1/silences', wants: 'silence' },
  { method: 'POST', path: '/api/v1/silences/acknowledge', wants: 'silence' },
  { method: 'POST', path: '/api/v1/silences/links', wants: 'silence' },
  { method: 'DELETE', path: '/api/v1/silences/none', wants: 'silence' },
  { method: 'GET', path: '/probe?target=open', wants: 'probe' },
  { method: 'GET', path: '/PROBE/?target=open', wants: 'probe' },
  { method: 'POST', path: '/api/v1/calls', wants: 'calls' },
  { method: 'POST', path: '/v1/traces', wants: 'calls' },
  { method: 'POST', path: '/-/reload', wants: 'reload' },
  { method: 'POST', path: '/api/v1/peer', wants: 'peer' },
  { method: 'POST', path: '/api/v1/heartbeat/open', wants: 'heartbeat' },
  { method: 'GET', path: '/api/v1/heartbeat/open/start', wants: 'heartbeat' },
  { method: 'GET', path: '/api/v1/heartbeat/job', wants: 'heartbeat' },
  { method: 'GET', path: '/ping/of-nobody', wants: 'public' },
  { method: 'POST', path: '/ping/of-nobody/start', wants: 'public' },
  { method: 'GET', path: '/ping/of-nobody/job/fail', wants: 'public' },
  { method: 'GET', path: '/no/such/page', wants: 'read' },
  { method: 'POST', path: '/no/such/page', wants: 'admin' },
  { method: 'POST', path: '/metrics', wants: 'admin' },
  // In other words, for a reader of paths that takes them differently from the routes.
  { method: 'GET', path: 'http://127.0.0.1/metrics', wants: 'read' },
  { method: 'POST', path: 'http://127.0.0.1/api/v1/calls', wants: 'calls' },
  { method: 'GET', path: '/public/../metrics', wants: 'public' },
  { method: 'GET', path: '/%6detrics', wants: 'read' },
]

const notifying: readonly Route[] = [
  { method: 'GET', path: '/-/healthy', wants: 'public' },
  { method: 'GET', path: '/-/ready', wants: 'public' },
  { method: 'GET', path: '/metrics', wants: 'read' },
  { method: 'POST', path: '/api/v1/alerts', wants: 'the token of the notifier' },
  { method: 'GET', path: '/api/v1/undelivered', wants: 'the token of the notifier' },
  { method: 'POST', path: '/api/v1/peer', wants: 'peer' },
  { method: 'GET', path: '/no/such/page', wants: 'read' },
  { method: 'POST', path: '/metrics', wants: 'admin' },
]

/** What lets people in and out, in test/access/login.test.ts: it would change who the callers are. */
const elsewhere = ['POST /login', 'POST /logout']

const everyScope = Object.keys(scopes) as Scope[]

const services: readonly [ServiceName, readonly Route[]][] = [
  ['exporter', watching],
  ['solo', watching],
  ['notifier', notifying],
]

/** A way to configure access, and who tries each route then. */
interface Setup {
  readonly what: string
  readonly web: string
  readonly files?: Readonly<Record<string, string>>
  readonly strangers: readonly Stranger[]
  readonly known: readonly Known[]
  /** Those who may do everything. */
  readonly masters: readonly Known[]
}

const authority = createCertificate({ name: 'authority', isAuthority: true })
const server = createCertificate({ name: 'server', ip: ['127.0.0.1'], issuer: authority })
const client = createCertificate({ name: 'prometheus', issuer: authority })
/** Only a proxy at this address is trusted. */
const proxy = (address: string, scope: Scope): string =>
  `trusted_proxy: { networks: ${address}, scopes: { '*': ${scope} } }\n`

const setups: readonly Setup[] = [
  {
    what: 'users',
    web: users + proxy('192.0.2.0/24', 'admin'),
    strangers: [
      ...(['nobody', 'a wrong token', 'an expired token', 'a wrong password', 'a changed cookie'] as const),
      'a header from outside',
    ],
    known: ['a password', 'a cookie', ...everyScope],
    masters: ['a password', 'a cookie', 'admin'],
  },
  {
    what: 'client certificates and a proxy',
    web: `tls_server_config: { cert_file: server.pem, key_file: server.key, client_ca_file: ca.pem, client_auth_type: VerifyClientCertIfGiven }\n${proxy('127.0.0.1', 'read')}`,
    files: { 'server.pem': server.cert, 'server.key': server.key, 'ca.pem': authority.cert },
    strangers: ['nobody', 'a wrong token', 'a header from outside'],
    known: ['a client certificate', 'the proxy', 'calls'],
    masters: ['a client certificate'],
  },
]

const cases = setups.flatMap((setup) =>
  services.map(([name, routes]): [string, string, ServiceName, readonly Route[], Setup] => [
    name,
    setup.what,
    name,
    routes,
    setup,
  ]),
)

describe.each(cases)('the routes of %s with %s', (_name, _what, name, routes, setup) => {
  const { strangers, known, masters } = setup
  let service: TestService
  const headers = new Map<string, Record<string, string>>([['nobody', {}]])

  beforeAll(async () => {
    const tokens = join(await mkdtemp(join(tmpdir(), 'probity-access-')), 'tokens.jsonl')
    const now = Date.now()
    const bearer = (secret: string) => ({ Authorization: `Bearer ${secret}` })
    for (const scope of everyScope)
      headers.set(scope, bearer(await addToken(tokens, { name: scope, scopes: [scope], now })))
    const expired = { name: 'old', scopes: ['admin'] as const, now: now - 20_000, lifetime: 10 }
    headers.set('an expired token', bearer(await addToken(tokens, expired)))
    headers.set('a wrong token', bearer('probity_wrong'))
    headers.set('a wrong password', basic('ada', 'wrong'))
    headers.set('a password', basic('ada', password))
    headers.set('the token of the notifier', bearer(notifierToken))
    const forwarded = { 'X-Forwarded-User': 'ada' }
    headers.set('the proxy', forwarded)
    headers.set('a header from outside', { ...forwarded, 'X-Forwarded-For': '192.0.2.1' })
    const { web, files } = setup
    service = await startService(name, {
      web,
      ...(files && { files }),
      tokens: { file: tokens, optional: false },
    })
    if (!known.includes('a cookie')) return
    const form = { user: 'ada', password, next: 'incidents' }
    const { cookie } = await askPage(`${service.url}/login`, { method: 'POST', form })
    headers.set('a cookie', { Cookie: cookie })
    headers.set('a changed cookie', { Cookie: `${cookie.slice(0, -2)}xx` })
  })

  afterAll(async () => {
    await service.stop()
  })

  /** fetch would write the path in its own way. */
  const ask = async ({ method, path }: Route, who: string): Promise<IncomingMessage> => {
    const { port, protocol } = new URL(service.url)
    const type = { 'Content-Type': 'application/json' }
    const options = {
      ...{ port, host: '127.0.0.1', method, path, ca: authority.cert },
      headers: { ...type, ...headers.get(who) },
      localAddress: who === 'a header from outside' ? '127.0.0.2' : '127.0.0.1',
      ...(who === 'a client certificate' && { cert: client.cert, key: client.key }),
    }
    return new Promise((resolve, reject) => {
      const asked = protocol === 'https:' ? requestTls(options) : request(options)
      asked
        .on('response', resolve)
        .on('error', reject)
        .end(method === 'POST' ? '{}' : '')
    })
  }

  it('are all in this table', async () => {
    const text = await readFile(join(import.meta.dirname, '../contract/routes.txt'), 'utf8')
    const real = text.split('\n').filter((line) => line.startsWith(`${name} `))
    expect(real.length).toBeGreaterThan(5)
    const missing = real
      .map((line) => line.slice(name.length + 1))
      .filter((route) => !elsewhere.includes(route) && !routes.some((row) => isOf(route, row)))
    expect(missing).toEqual([])
  })

  it.each(routes.map((route): [string, Route] => [`${route.method} ${route.path}`, route]))(
    '%s',
    async (_route, route) => {
      const { wants } = route
      const statuses: Record<string, number> = {}
      for (const who of [...strangers, ...known]) {
        const answer = await ask(route, who)
        statuses[who] = answer.statusCode ?? 0
        if (route.path.endsWith('/tail')) answer.destroy()
        else expect(await text(answer)).not.toMatch(/\$2b\$|probity_wrong/)
      }
      const refused = Object.entries(statuses).filter(([, status]) => [401, 403, 429].includes(status))
      if (wants === 'the token of the notifier') {
        expect(refused).toEqual([...strangers, ...known].map((who) => [who, 401]))
        expect((await ask(route, wants)).resume().statusCode).toBeOneOf([200, 400])
        return
      }
      const mayUse = (who: Stranger | Known): boolean =>
        wants === 'public' ||
        who === wants ||
        (who === 'the proxy' && wants === 'read') ||
        (name === 'notifier' && who === 'a cookie' ? false : masters.some((one) => one === who))
      const expected = [...strangers, ...known].filter((who) => !mayUse(who))
      expect(refused.map(([who]) => who)).toEqual(expected)
      if (wants === 'public') return
      for (const who of strangers)
        expect([who, statuses[who]]).toEqual([
          who,
          who === 'a wrong password' ? expect.toBeOneOf([401, 429]) : 401,
        ])
      for (const who of known.filter((one) => one in scopes && !mayUse(one)))
        expect([who, statuses[who]]).toEqual([who, route.path.endsWith('/job') ? 401 : 403])
    },
  )

  it('the secret of a heartbeat opens it, and nothing else', async () => {
    const secret = 'token=of-the-job-1234567'
    const status = async (path: string) =>
      (await ask({ method: 'GET', path, wants: 'public' }, 'nobody')).resume().statusCode
    expect(await status(`/api/v1/heartbeat/job?${secret}`)).toBe(name === 'notifier' ? 404 : 200)
    expect(await status(`/api/v1/heartbeat/open?${secret}`)).toBe(name === 'notifier' ? 404 : 401)
    expect(await status(`/metrics?${secret}`)).toBe(401)
  })
})

/** Whether a row is of a route as Express knows it: `GET /targets/:name`. */
function isOf(route: string, { method, path }: Route): boolean {
  const [known = '', pattern = ''] = route.split(' ')
  const source = pattern
    .replace(/[.\\+?^$(){}[\]|]/g, '\\$&')
    .replace(/:\w+/g, '[^/]+')
    .replace(/\*\w+/g, '.+')
  return (known === 'ANY' || known === method) && new RegExp(`^${source}$`).test(path.split('?', 1)[0] ?? '')
}
