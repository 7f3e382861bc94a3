import { describe, expect, it } from 'vitest'
import { parseServedPath, servedAt } from '../../src/lib/http/served-paths.ts'
import { ask, basic } from './support/ask.ts'
import {
  password,
  startService,
  users,
  type ServiceName,
  type ServiceOptions,
  type TestService,
} from './support/services.ts'
import { atEnd } from '../support/at-end.ts'

const prefix = '/ops/probity'
const paths = { routePrefix: prefix, telemetryPath: '/own' }

async function start(
  name: ServiceName,
  options: ServiceOptions,
): Promise<{ service: TestService; root: string }> {
  const service = await startService(name, options)
  atEnd(() => service.stop())
  return { service, root: new URL(service.url).origin }
}

describe.each(['exporter', 'solo', 'notifier'] as const)(
  '%s with --web.route-prefix and --web.telemetry-path',
  (name) => {
    it('is found below the prefix, and nowhere else', async () => {
      const { service, root } = await start(name, paths)
      expect(service.url).toBe(root + prefix)
      const seen = async (path: string): Promise<unknown> => {
        const { status, headers } = await ask(root + path)
        return headers['location'] === undefined
          ? status
          : `${status} ${new URL(String(headers['location']), root + path).pathname}`
      }
      expect(await seen('/')).toBe(`302 ${prefix}/`)
      expect(await seen(prefix)).toBe(`302 ${prefix}/`)
      expect(await seen(`${prefix}/-/healthy`)).toBe(200)
      expect(await seen(`${prefix}/own`)).toBe(200)
      for (const path of [
        '/own',
        '/-/healthy',
        '/ops',
        '/ops/probityx/own',
        `${prefix}/metrics`,
        `${prefix}${prefix}/own`,
      ])
        expect([path, await seen(path)]).toEqual([path, 404])
      expect((await ask(`${root}/metrics`)).text).toBe(
        'no page here: everything is below /ops/probity/, and metrics are at /ops/probity/own\n',
      )
      expect((await ask(`${root}${prefix}/own`)).text).toContain('process_start_time_seconds')
    })
  },
)

/** Where the links, forms, scripts and images of a page lead. */
function linksOf(page: string, at: string): string[] {
  return [...page.matchAll(/(?:href|src|action)="([^"#]*)/g)]
    .map(([, link = '']) => new URL(link, at))
    .filter(({ origin }) => origin === new URL(at).origin)
    .map(({ href }) => href)
}

describe.each(['exporter', 'solo'] as const)('the pages of %s below a prefix', (name) => {
  it('lead nowhere else, and each link leads to something', async () => {
    const { root } = await start(name, paths)
    const todo = [`${root}${prefix}/`, `${root}${prefix}/public/`]
    const known = new Set(todo)
    for (const at of todo) {
      const answer = await ask(at, { headers: { Accept: 'text/html' } })
      expect([at, answer.status]).toEqual([at, at.includes('/public/') ? 404 : 200])
      expect(new URL(at).pathname.startsWith(`${prefix}/`)).toBe(true)
      if (!String(answer.headers['content-type']).startsWith('text/html')) continue
      for (const link of linksOf(answer.text, at))
        if (!known.has(link)) todo.push([...known.add(link)].at(-1) ?? '')
    }
    expect([...known].map((link) => link.slice(root.length + prefix.length))).toEqual(
      expect.arrayContaining(['/own', '/sd', '/targets/open', '/incidents', '/api/v1/targets']),
    )
  })

  it('are scraped, called and shown elsewhere below it', async () => {
    const { root } = await start(name, paths)
    const [group] = JSON.parse((await ask(`${root}${prefix}/sd`)).text) as {
      labels: Record<string, string>
    }[]
    expect(group?.labels['__metrics_path__']).toBe(`${prefix}/probe`)
    expect((await ask(`${root}${prefix}/probe?target=open`)).text).toContain('probe_success')
    const heartbeat = await ask(`${root}${prefix}/api/v1/heartbeat/job?token=of-the-job-1234567`, {
      method: 'POST',
    })
    expect(heartbeat.status).toBe(200)
    expect((await ask(`${root}${prefix}/badge/open.svg`)).headers['content-type']).toContain('svg')
    expect((await ask(`${root}${prefix}/api/v1/calls`, { method: 'POST' })).status).toBe(200)
  })

  it('ask for a login below it, with a cookie that is sent nowhere else', async () => {
    const { root } = await start(name, { ...paths, web: users })
    const closed = await ask(`${root}${prefix}/targets/open?x=1`, { headers: { Accept: 'text/html' } })
    const login = new URL(String(closed.headers['location']), `${root}${prefix}/targets/open`)
    expect([closed.status, login.pathname, login.searchParams.get('next')]).toEqual([
      303,
      `${prefix}/login`,
      'targets/open?x=1',
    ])
    const form = { user: 'ada', password, next: 'targets/open?x=1' }
    const entered = await ask(login.href, { method: 'POST', form })
    expect(String(entered.headers['set-cookie'])).toContain(`; Path=${prefix}/;`)
    expect(new URL(String(entered.headers['location']), login).pathname).toBe(`${prefix}/targets/open`)
    const open = await ask(`${root}${prefix}/targets/open`, { headers: { Cookie: entered.cookie } })
    expect(open.status).toBe(200)
    for (const path of ['/own', '/OWN/', '/sd', '/%6fwn']) {
      const { status } = await ask(`${root}${prefix}${path}`)
      expect([path, status]).toEqual([path, 401])
    }
    const known = await ask(`${root}${prefix}/own`, { headers: basic('ada', password) })
    expect(known.status).toBe(200)
  })
})

describe('an external URL with a path', () => {
  const externalUrl = new URL('https://monitor.test/probity')

  it('is a second way in, if there is no prefix', async () => {
    const { root } = await start('exporter', { externalUrl, web: users, telemetryPath: '/own' })
    for (const below of ['', '/probity', '/Probity']) {
      const known = { headers: basic('ada', password) }
      expect((await ask(`${root}${below}/incidents`, known)).status).toBe(200)
      expect((await ask(`${root}${below}/own`, known)).status).toBe(200)
      expect((await ask(`${root}${below}/own`)).status).toBe(401)
    }
    expect((await ask(`${root}/probity`)).headers['location']).toBe('probity/')
    const form = { user: 'ada', password }
    expect(String((await ask(`${root}/login`, { method: 'POST', form })).headers['set-cookie'])).toContain(
      '; Path=/;',
    )
  })

  it('is only what others see, if the prefix is /', async () => {
    const { root } = await start('exporter', { externalUrl, routePrefix: parseServedPath('/'), web: users })
    const known = { headers: basic('ada', password) }
    expect((await ask(`${root}/incidents`, known)).status).toBe(200)
    expect((await ask(`${root}/probity/incidents`, known)).status).toBe(404)
    const [group] = JSON.parse((await ask(`${root}/sd`, known)).text) as { labels: Record<string, string> }[]
    expect(group?.labels['__metrics_path__']).toBe('/probity/probe')
    const form = { user: 'ada', password }
    const entered = await ask(`${root}/login`, { method: 'POST', form })
    expect(String(entered.headers['set-cookie'])).toContain('; Path=/probity/;')
  })
})

describe('a served path', () => {
  it.each(['', 'probity', '//x', '/a b', '/a?b', '/a/../b', '/.', 'http://x/'])('"%s" is refused', (text) => {
    expect(() => parseServedPath(text)).toThrow(`"${text}" is not a valid path`)
  })

  it.each([
    ['/', ''],
    ['/a/', '/a'],
    ['/a/b.c_d~e-f', '/a/b.c_d~e-f'],
  ])('%s is %j', (text, path) => {
    expect(parseServedPath(text)).toBe(path)
  })

  it('is taken off once, whatever the query is', () => {
    expect(servedAt('/a/a/x?y=/a/', { routePrefix: '/a' })).toEqual({ url: '/a/x?y=/a/' })
    expect(servedAt('/own/?x=/metrics', { telemetryPath: '/own' })).toEqual({ url: '/metrics/?x=/metrics' })
    expect(servedAt('/x?/metrics', { telemetryPath: '/own' })).toEqual({ url: '/x?/metrics' })
  })
})
