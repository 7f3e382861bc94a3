import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { hashSync } from 'bcryptjs'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { startExporter } from '../../src/app/exporter/exporter.ts'
import { startNotifier } from '../../src/app/notifier/notifier.ts'
import { startSolo } from '../../src/app/solo/solo.ts'
import { anAlert, webhookMessage } from '../support/alerts/alerts.ts'
import { atEnd } from '../support/at-end.ts'
import { mountFiles } from '../support/config-map.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'

const log = pino({ level: 'silent' })
const listenAddress = { host: '127.0.0.1', port: 0 }
const stdout = { write: () => undefined }
const users = `basic_auth_users: { ada: '${hashSync('secret', 4)}' }\n`
const login = { Authorization: `Basic ${Buffer.from('ada:secret').toString('base64')}` }
const listing = (...names: string[]): string =>
  JSON.stringify({
    modules_from: 'blackbox.yml',
    targets: names.map((name) => ({ name, tcp: '127.0.0.1:1', interval: '1h' })),
  })
const module = (name: string): string => JSON.stringify({ modules: { [name]: { prober: 'tcp', tcp: {} } } })

async function statusOf(url: string, headers: Record<string, string> = {}): Promise<number> {
  const response = await fetch(url, { headers })
  await response.text()
  return response.status
}

it('the exporter follows its ConfigMaps and Secrets: targets, modules, and who may use it', async () => {
  const config = await mountFiles({ 'targets.yml': listing('a'), 'blackbox.yml': module('one') })
  const web = await mountFiles({ 'web.yml': '{}\n' })
  const exporter = await startExporter(
    {
      configFile: join(config.folder, 'targets.yml'),
      webConfigFile: join(web.folder, 'web.yml'),
      listenAddress,
    },
    { log, env: {} },
  )
  atEnd(() => exporter.stop())
  const names = (): string[] => exporter.config().targets.map(({ name }) => name)
  expect(names()).toEqual(['a'])
  await config.swap({ 'targets.yml': listing('a', 'b'), 'blackbox.yml': module('one') })
  await waitFor('the targets', () => names().length === 2)
  await config.swap({ 'targets.yml': listing('a', 'b'), 'blackbox.yml': module('two') })
  await waitFor('the module', () => exporter.config().moduleNames.includes('two'))
  expect(await statusOf(`${exporter.url}/metrics`)).toBe(200)
  await web.swap({ 'web.yml': users })
  await waitFor('the users', async () => (await statusOf(`${exporter.url}/metrics`)) === 401)
  expect(await statusOf(`${exporter.url}/metrics`, login)).toBe(200)
  expect(await statusOf(`${exporter.url}/-/ready`)).toBe(200)
})

it('the notifier follows its ConfigMaps and Secrets: channels, its token, and who may use it', async () => {
  const told: string[] = []
  const peer = createServer((request, response) => {
    told.push(request.url ?? '')
    request.resume()
    response.end()
  }).listen(0, '127.0.0.1')
  await once(peer, 'listening')
  atEnd(() => {
    peer.closeAllConnections()
    peer.close()
  })
  const { port } = peer.address() as AddressInfo
  const hook = (name: string): string =>
    `channels: { hook: { type: webhook, url: 'http://127.0.0.1:${port}/${name}', group_wait: 1ms, group_interval: 2ms, via: probity } }\nroutes: [{ channels: hook }]\n`
  const notify = await mountFiles({ 'notify.yml': hook('one') })
  const secret = await mountFiles({ 'notifier-token': 'first\n' })
  const web = await mountFiles({ 'web.yml': '{}\n' })
  const notifier = await startNotifier(
    {
      listenAddress,
      bearerTokenFile: join(secret.folder, 'notifier-token'),
      logFile: join(await tempFolder(), 'alerts.log'),
      webConfigFile: join(web.folder, 'web.yml'),
      notify: { file: join(notify.folder, 'notify.yml'), optional: false },
    },
    { log, stdout, env: {} },
  )
  atEnd(() => notifier.stop())
  let alerts = 0
  async function post(token: string): Promise<number> {
    const target = `t${alerts++}`
    const alert = anAlert({ labels: { alertname: 'TargetDown', target }, fingerprint: target })
    const response = await fetch(`${notifier.url}/api/v1/alerts`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: JSON.stringify(webhookMessage([alert])),
    })
    await response.text()
    return response.status
  }
  await secret.swap({ 'notifier-token': 'second\n' })
  await waitFor('the token', async () => (await post('second')) === 200)
  expect(await post('first')).toBe(401)
  await notify.swap({ 'notify.yml': hook('two') })
  await waitFor('the channel', async () => (await post('second')) === 200 && told.includes('/two'))
  await web.swap({ 'web.yml': users })
  await waitFor('the users', async () => (await statusOf(`${notifier.url}/metrics`)) === 401)
})

it('solo follows its ConfigMaps and Secrets: targets, channels, and who may use it', async () => {
  const config = await mountFiles({
    'targets.yml': listing('a'),
    'blackbox.yml': module('one'),
    'notify.yml': '{}\n',
  })
  const web = await mountFiles({ 'web.yml': '{}\n' })
  const solo = await startSolo(
    {
      configFile: join(config.folder, 'targets.yml'),
      notify: { file: join(config.folder, 'notify.yml'), optional: false },
      webConfigFile: join(web.folder, 'web.yml'),
      storagePath: await tempFolder(),
      listenAddress,
    },
    { log, stdout, env: {} },
  )
  atEnd(() => solo.stop())
  const files = { 'targets.yml': listing('a', 'b'), 'blackbox.yml': module('one') }
  await config.swap({
    ...files,
    'notify.yml': `channels: { hook: { type: webhook, url: 'http://127.0.0.1:1/' } }\nroutes: [{ channels: hook }]\n`,
  })
  await waitFor('the targets', () => solo.targets().length === 2)
  await waitFor('the channel', () => solo.notified().includes('hook'))
  await web.swap({ 'web.yml': users })
  await waitFor('the users', async () => (await statusOf(`${solo.url}/metrics`)) === 401)
})
