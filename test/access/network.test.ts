import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { sample } from '../calls/support/calls.ts'
import { addToken } from '../../src/tokens/edit.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'
import { ask, basic } from './support/ask.ts'
import { password, startService, users, type ServiceName, type TestService } from './support/services.ts'

let service: TestService
afterEach(() => service.stop())

const services: readonly ServiceName[] = ['exporter', 'solo', 'notifier']

describe.each(services)('%s on a network', (name) => {
  const everywhere = { host: '0.0.0.0', port: 0 }
  const isOpen = async (headers = {}) =>
    sample((await ask(`${service.url}/metrics`, { headers })).text, 'probity_open_to_network')

  it('says that it is open to everybody: in the log, as a metric and on the page', async () => {
    service = await startService(name, { listenAddress: everywhere })
    expect(service.log()).toContain('everybody who can reach 0.0.0.0:0 may use it')
    expect(await isOpen()).toBe(1)
    const page = await ask(`${service.url}/`, {})
    if (name !== 'notifier')
      expect(page.text).toContain('Everybody who can reach this server may see and use it')
  })

  it('does not say so where users are configured, or the network is trusted', async () => {
    service = await startService(name, { listenAddress: everywhere, web: users })
    expect(service.log()).not.toContain('everybody who can reach')
    expect(await isOpen(basic('ada', password))).toBe(0)
    await service.stop()
    service = await startService(name, { listenAddress: everywhere, trustsNetwork: true })
    expect(await isOpen()).toBe(0)
  })

  it.skipIf(name === 'notifier')(
    'says that its port for gRPC is, until a token is needed there',
    async () => {
      const tokens = { file: join(await tempFolder(), 'tokens.jsonl'), optional: true }
      service = await startService(name, { otlpGrpcAddress: everywhere, tokens })
      expect(service.log()).toContain('everybody who can reach 0.0.0.0:0 may use it')
      expect(await isOpen()).toBe(1)
      await service.stop()
      await addToken(tokens.file, { name: 'shop', scopes: ['calls'], now: 0 })
      service = await startService(name, { otlpGrpcAddress: everywhere, tokens })
      expect(await isOpen()).toBe(0)
    },
  )

  it('answers under any name to whoever is known', async () => {
    service = await startService(name, { web: users })
    const as = async (Host: string, more = {}) =>
      (await ask(`${service.url}/metrics`, { headers: { Host, ...more } })).status
    expect(await as('evil.example')).toBe(421)
    expect(await as('evil.example', basic('ada', 'wrong'))).toBe(421)
    expect(await as('exporter:9740', basic('ada', password))).toBe(200)
    expect(await as('a b', basic('ada', password))).toBe(400)
  })

  it('sends its own headers with every answer', async () => {
    const web = `http_server_config: { headers: { X-Frame-Options: DENY, Strict-Transport-Security: max-age=60 } }\n`
    service = await startService(name, { web })
    for (const path of ['/metrics', '/-/ready', '/probe?target=open', '/none']) {
      const { headers } = await ask(`${service.url}${path}`)
      expect([path, headers['x-frame-options'], headers['strict-transport-security']]).toEqual([
        path,
        'DENY',
        'max-age=60',
      ])
    }
  })

  it('keeps its users when the file is damaged, and does not start with a damaged one', async () => {
    service = await startService(name, { web: users })
    const status = async () => (await ask(`${service.url}/metrics`)).status
    for (const damaged of ['', '{', 'basic_auth_user: {}']) {
      await writeFile(join(service.folder, 'web.yml'), damaged)
      await expect(service.reload()).rejects.toThrow(/web\.yml:1:\d/)
      expect(await status()).toBe(401)
    }
    expect(service.log()).toContain('web configuration rejected, the old one stays in force')
    await writeFile(join(service.folder, 'web.yml'), '{}')
    await waitFor('the door to open', async () => (await status()) === 200)
    await expect(startService(name, { web: 'basic_auth_users: []' })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    })
  })
})

describe('a proxy', () => {
  const web = (networks: string): string =>
    `${users}trusted_proxy: { networks: ${networks}, user_header: Remote-User, groups_header: Remote-Groups, scopes: { '*': read, ops: [probe, reload] } }\n`
  const as = (path: string, headers: Record<string, string>, method = 'GET') =>
    ask(`${service.url}${path}`, { method, headers })

  it('says who somebody is and which groups they are in, from its network alone', async () => {
    service = await startService('exporter', { web: web('[127.0.0.0/8]') })
    const ops = { 'Remote-User': 'ada', 'Remote-Groups': 'dev, ops' }
    expect((await as('/metrics', {})).status).toBe(401)
    expect((await as('/metrics', { 'Remote-User': 'bob' })).status).toBe(200)
    expect((await as('/-/reload', { 'Remote-User': 'bob' }, 'POST')).status).toBe(403)
    expect((await as('/-/reload', ops, 'POST')).status).toBe(200)
    expect((await as('/-/reload', { ...ops, Origin: 'https://evil.example' }, 'POST')).status).toBe(403)
    expect((await as('/metrics', { 'Remote-User': '' })).status).toBe(401)
    const twice = await fetchRaw(['Remote-User: ada', 'Remote-User: bob'])
    expect(twice).toContain('401')
    await service.stop()
    service = await startService('exporter', { web: web('10.0.0.0/8') })
    expect((await as('/metrics', ops)).status).toBe(401)
  })

  it('says where somebody comes from: each address has its own tries', async () => {
    service = await startService('exporter', { web: web('127.0.0.1') })
    const from = async (forwarded: string) =>
      (await as('/metrics', { 'X-Forwarded-For': forwarded, ...basic('ada', 'wrong') })).status
    for (let tries = 0; tries < 10; tries++) expect(await from('192.0.2.1')).toBe(401)
    expect(await from('192.0.2.1')).toBe(429)
    // What the client itself has written stands before what the proxy adds.
    expect(await from('192.0.2.7, 192.0.2.1')).toBe(429)
    expect(await from('192.0.2.2')).toBe(401)
  })
})

async function fetchRaw(lines: readonly string[]): Promise<string> {
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1')
  socket.end(['GET /metrics HTTP/1.1', 'Host: localhost', 'Connection: close', ...lines, '', ''].join('\r\n'))
  return (await text(socket)).split('\r\n', 1)[0] ?? ''
}

it('a token closes what it is for, and everything else where it is not only for sending', async () => {
  const file = join(await tempFolder(), 'tokens.jsonl')
  await addToken(file, { name: 'cron', scopes: ['heartbeat'], now: Date.now() })
  service = await startService('exporter', { tokens: { file, optional: false } })
  const status = async (path: string, method = 'GET') =>
    (await ask(`${service.url}${path}`, { method })).status
  expect(await status('/api/v1/heartbeat/open', 'POST')).toBe(401)
  expect([await status('/metrics'), await status('/probe?target=open')]).toEqual([200, 200])
  await addToken(file, { name: 'prometheus', scopes: ['read', 'probe'], now: Date.now() })
  await waitFor('the token', async () => (await status('/metrics')) === 401)
  expect([await status('/probe?target=open'), await status('/-/reload', 'POST')]).toEqual([401, 401])
  expect([await status('/api/v1/calls', 'POST'), await status('/-/ready')]).toEqual([401, 200])
  expect(service.log()).toContain('"audit":true,"tokens":2,"added":["prometheus"],"removed":[]')
})
