import { mkdtemp } from 'node:fs/promises'
import { request, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addToken } from '../../src/tokens/edit.ts'
import { scopes, type Scope } from '../../src/tokens/scopes.ts'
import { password, startService, users, type ServiceName, type TestService } from './support/services.ts'

type Caller = 'nobody' | 'a wrong token' | 'an expired token' | 'a wrong password' | 'a header from outside'
type Known = 'a password' | 'a cookie' | 'the proxy' | Scope

interface Route {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** Who may use it besides those who may do everything. */
  readonly wants: Scope | 'public' | 'own secret'
}

const watching: readonly Route[] = [
  { method: 'GET', path: '/-/healthy', wants: 'public' },
  { method: 'GET', path: '/-/ready', wants: 'public' },
  { method: 'GET', path: '/login', wants: 'public' },
  { method: 'GET', path: '/docs/alerts', wants: 'public' },
  { method: 'GET', path: '/public/', wants: 'public' },
  { method: 'GET', path: '/public/api/v1/targets', wants: 'public' },
  { method: 'GET', path: '/', wants: 'read' },
  { method: 'GET', path: '/docs/solo', wants: 'read' },
  { method: 'GET', path: '/incidents', wants: 'read' },
  { method: 'GET', path: '/targets/open', wants: 'read' },
  { method: 'GET', path: '/badge/job.svg', wants: 'read' },
  { method: 'GET', path: '/metrics', wants: 'read' },
  { method: 'GET', path: '/sd', wants: 'read' },
  { method: 'GET', path: '/api/v1/targets', wants: 'read' },
  { method: 'GET', path: '/api/v1/openapi.json', wants: 'read' },
  { method: 'GET', path: '/config', wants: 'admin' },
  { method: 'GET', path: '/CONFIG/', wants: 'admin' },
  { method: 'GET', path: '/api/v1/targets/open', wants: 'read' },
  { method: 'GET', path: '/api/v1/incidents', wants: 'read' },
  { method: 'GET', path: '/api/v1/calls/tail', wants: 'read' },
  { method: 'GET', path: '/api/v1/report', wants: 'report' },
  { method: 'GET', path: '/api/v1/checks', wants: 'report' },
  { method: 'GET', path: '/probe?target=open', wants: 'probe' },
  { method: 'GET', path: '/PROBE/?target=open', wants: 'probe' },
  { method: 'POST', path: '/api/v1/calls', wants: 'calls' },
  { method: 'POST', path: '/v1/traces', wants: 'calls' },
  { method: 'POST', path: '/-/reload', wants: 'reload' },
  { method: 'POST', path: '/api/v1/heartbeat/open', wants: 'heartbeat' },
  { method: 'GET', path: '/api/v1/heartbeat/open/start', wants: 'heartbeat' },
  { method: 'GET', path: '/api/v1/heartbeat/job', wants: 'heartbeat' },
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
  { method: 'GET', path: '/no/such/page', wants: 'read' },
  { method: 'POST', path: '/metrics', wants: 'admin' },
]

const strangers: readonly Caller[] = [
  'nobody',
  'a wrong token',
  'an expired token',
  'a wrong password',
  'a header from outside',
]
const those: readonly Known[] = ['a password', 'a cookie', ...(Object.keys(scopes) as Scope[])]

const services: readonly [ServiceName, readonly Route[]][] = [
  ['exporter', watching],
  ['solo', watching],
  ['notifier', notifying],
]

/** Only a proxy in a network of nobody is trusted: this machine is outside. */
const web = `${users}trusted_proxy: { networks: 192.0.2.0/24, scopes: { '*': admin } }\n`

describe.each(services)('the routes of %s', (name, routes) => {
  let service: TestService
  const headers = new Map<string, Record<string, string>>([['nobody', {}]])

  beforeAll(async () => {
    const tokens = join(await mkdtemp(join(tmpdir(), 'probity-access-')), 'tokens.jsonl')
    const now = Date.now()
    const bearer = (secret: string) => ({ Authorization: `Bearer ${secret}` })
    const basic = (secret: string) => ({
      Authorization: `Basic ${Buffer.from(`ada:${secret}`).toString('base64')}`,
    })
    for (const scope of Object.keys(scopes) as Scope[])
      headers.set(scope, bearer(await addToken(tokens, { name: scope, scopes: [scope], now })))
    const expired = { name: 'old', scopes: ['admin'] as const, now: now - 20_000, lifetime: 10 }
    headers.set('an expired token', bearer(await addToken(tokens, expired)))
    headers.set('a wrong token', bearer('probity_wrong'))
    headers.set('a wrong password', basic('wrong'))
    headers.set('a password', basic(password))
    headers.set('a header from outside', { 'X-Forwarded-User': 'ada', 'X-Forwarded-For': '192.0.2.1' })
    service = await startService(name, { web, tokens: { file: tokens, optional: false } })
    const answer = await fetch(`${service.url}/login`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ user: 'ada', password, next: 'incidents' }),
    })
    headers.set('a cookie', { Cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' })
  })

  afterAll(async () => {
    await service.stop()
  })

  /** fetch would write the path in its own way. */
  const ask = async ({ method, path }: Route, who: string): Promise<IncomingMessage> => {
    const { port } = new URL(service.url)
    const type = { 'Content-Type': 'application/json' }
    return new Promise((resolve, reject) => {
      request({ port, host: '127.0.0.1', method, path, headers: { ...type, ...headers.get(who) } })
        .on('response', resolve)
        .on('error', reject)
        .end(method === 'POST' ? '{}' : '')
    })
  }

  it.each(routes.map((route): [string, Route] => [`${route.method} ${route.path}`, route]))(
    '%s',
    async (_what, route) => {
      const { wants } = route
      const isOpen = wants === 'public' || wants === 'own secret'
      const statuses: Record<string, number> = {}
      for (const who of [...strangers, ...those]) {
        const answer = await ask(route, who)
        statuses[who] = answer.statusCode ?? 0
        if (route.path.endsWith('/tail')) answer.destroy()
        else expect(await text(answer)).not.toMatch(/\$2b\$|probity_wrong/)
      }
      const refused = Object.entries(statuses).filter(([, status]) => [401, 403, 429].includes(status))
      const hasCookie = name !== 'notifier'
      const mayUse = ['a password', ...(hasCookie ? ['a cookie'] : []), 'admin', wants]
      expect(refused.map(([who]) => who)).toEqual(
        isOpen ? [] : [...strangers, ...those].filter((who) => !mayUse.includes(who)),
      )
      if (isOpen) return
      for (const who of strangers)
        expect([who, statuses[who]]).toEqual([
          who,
          who === 'a wrong password' ? expect.toBeOneOf([401, 429]) : 401,
        ])
      for (const scope of those.filter((who) => who in scopes && !mayUse.includes(who)))
        expect([scope, statuses[scope]]).toEqual([scope, route.path.endsWith('/job') ? 401 : 403])
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
