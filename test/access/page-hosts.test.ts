import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, type Answered } from './support/ask.ts'
import { startService, users, type TestService } from './support/services.ts'

const targets = `
web:
  public:
    - { path: /status/shop, host: status.example.com, targets: open }
    - { path: /status/other, targets: inner-office }
targets:
  - { name: open, heartbeat: 1d }
  - { name: inner-office, heartbeat: 1d }
`

describe.each(['', '/ops'])('the host of a public page, below the prefix "%s"', (routePrefix) => {
  let service: TestService
  const get = (path: string, host: string): Promise<Answered> =>
    ask(new URL(path, service.url).origin + path, { headers: { Host: host, Accept: 'text/html' } })

  beforeAll(async () => {
    service = await startService('exporter', {
      web: users,
      files: { 'targets.yml': targets },
      ...(routePrefix !== '' && { routePrefix }),
    })
  })
  afterAll(async () => {
    await service.stop()
  })

  it('has the page at its root, for everybody', async () => {
    const page = await get('/', 'Status.example.com:8443')
    expect(page.status).toBe(200)
    expect(page.text).toContain('open</h2>')
    expect(page.text).not.toContain('inner-office')
    expect((await get('/api/v1/targets', 'status.example.com')).text).toContain('"name":"open"')
    expect((await get('/badge/open.svg', 'status.example.com.')).status).toBe(200)
    const asset = /href="(assets[^"]+)"/.exec(page.text)?.[1] ?? ''
    expect((await get(`/${asset}`, 'status.example.com')).status).toBe(200)
  })

  it('has nothing else, for nobody', async () => {
    for (const path of [
      '/metrics',
      '/sd',
      '/config',
      '/../metrics',
      '/status/other/',
      '/targets/open',
      '/login',
    ])
      expect([path, (await get(path, 'status.example.com')).status]).toEqual([path, 404])
  })

  it('is not another name of the rest, and other names stay unknown', async () => {
    expect((await get('/', 'evil.example.com')).status).toBe(routePrefix === '' ? 421 : 302)
    expect((await get(`${routePrefix}/status/shop/`, '127.0.0.1')).status).toBe(200)
    expect((await get(`${routePrefix}/`, '127.0.0.1')).status).toBe(303)
  })
})
