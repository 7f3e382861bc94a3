import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeStatus } from '../../../src/app/notify/undelivered.ts'
import { testChannels } from '../../../src/app/notify/test.ts'
import { fingerprintOf } from '../../../src/alerts/evaluator/fingerprint.ts'
import { startNotifier, type Notifier, type NotifierOptions } from '../../../src/app/notifier/notifier.ts'
import { notifyTypes } from '../../../src/app/channels.ts'
import { loadNotify } from '../../../src/config/notify/load.ts'
import type { UndeliveredAnswer } from '../../../src/alerts/delivery/undelivered.ts'
import { systemClock } from '../../../src/lib/time/clock.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { anAlert, resolved, webhookMessage } from '../../support/alerts/alerts.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'
import type { Alert } from '../../../src/alerts/alert.ts'
import { breakable } from '../../support/broken-folder.ts'

let folder: string
let notifyFile: string
let notifier: Notifier | undefined
let peer: Server
let peerUrl: string
let status: number
let told: string[]

beforeEach(async () => {
  folder = await tempFolder()
  notifyFile = join(folder, 'notify.yml')
  status = 200
  told = []
  peer = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      told.push(body === '' ? (request.url ?? '') : (JSON.parse(body) as { title: string }).title)
      response.writeHead(status).end('no such hook')
    })
  }).listen(0, '127.0.0.1')
  await once(peer, 'listening')
  peerUrl = `http://127.0.0.1:${(peer.address() as AddressInfo).port}`
})

afterEach(async () => {
  await notifier?.stop()
  notifier = undefined
  peer.closeAllConnections()
  peer.close()
})

async function start(notify: string, options: Partial<NotifierOptions> = {}): Promise<string> {
  await writeFile(notifyFile, notify)
  notifier = await startNotifier(
    {
      listenAddress: { host: '127.0.0.1', port: 0 },
      bearerTokenFile: join(folder, 'token'),
      logFile: join(folder, 'alerts.log'),
      notify: { file: notifyFile, optional: false },
      ...options,
    },
    {
      log: createLogger({ destination: { write: () => undefined } }),
      stdout: { write: () => undefined },
      env: {},
    },
  )
  return notifier.url
}

const token = async () => (await readFile(join(folder, 'token'), 'utf8')).trim()

async function post(headers: Record<string, string> = {}, body?: string): Promise<number> {
  const response = await fetch(`${notifier!.url}/api/v1/alerts`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: headers.Authorization ?? `Bearer ${await token()}`,
      ...headers,
    },
    body: body ?? JSON.stringify(webhookMessage([anAlert()])),
  })
  await response.text()
  return response.status
}

const hook = (extra = '') =>
  `channels: { hook: { type: webhook, url: "${peerUrl}/hook", group_wait: 1ms, group_interval: 2ms, via: probity${extra} } }\nroutes: [{ channels: hook }]\n`

describe('the channels of a notifier', () => {
  it('are notified of a beginning and of its end', async () => {
    await start(hook())
    expect(await post()).toBe(200)
    await waitFor('the beginning', () => told.length === 1)
    expect(await post({}, JSON.stringify(webhookMessage([resolved(anAlert())])))).toBe(200)
    await waitFor('the end', () => told.length === 2)
    expect(told).toEqual([
      'CRITICAL: shop has failed every check for 1m 30s',
      'RESOLVED: TargetDown of shop after 5m',
    ])
  })

  it('are notified although Alertmanager could do it, if they are all to be notified here', async () => {
    const native = hook().replace(', via: probity', '')
    await start(native)
    await post()
    await notifier!.stop()
    expect(told).toEqual([])
    await start(native, { allChannels: true })
    await post()
    await waitFor('the beginning', () => told.length === 1)
  })

  it('get one beginning and one end of a target that is edited and renamed meanwhile, through a restart', async () => {
    const labelled = (target: string, team: string, was = ''): Alert => {
      const labels = { ...anAlert().labels, target, team }
      const annotations = { ...anAlert().annotations, was }
      return anAlert({ labels, annotations, fingerprint: fingerprintOf(labels) })
    }
    const [first, edited] = [labelled('shop', 'a'), labelled('shop', 'b')]
    const renamed = labelled('store', 'b', 'shop\n')
    const send = (...alerts: Alert[]): Promise<number> => post({}, JSON.stringify(webhookMessage(alerts)))
    await start(hook())
    await send(first)
    await waitFor('the beginning', () => told.length === 1)
    expect(await send(resolved(first), edited)).toBe(200)
    await notifier!.stop()
    await start(hook())
    expect(await send(renamed, resolved(edited))).toBe(200)
    expect(await send(resolved(renamed))).toBe(200)
    await waitFor('the end', () => told.length === 2)
    expect(told[1]).toBe('RESOLVED: TargetDown of store (formerly shop) after 5m')
    const lines = (await readFile(join(folder, 'alerts.log'), 'utf8')).trim().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { status: string }).status)).toEqual([
      'firing',
      'resolved',
    ])
  })

  it('are reported while the disk is away, and the state is whole once it is back, without a restart', async () => {
    const url = await start(hook())
    const secret = await token()
    const send = (alert: Alert): Promise<number> =>
      post({ Authorization: `Bearer ${secret}` }, JSON.stringify(webhookMessage([alert])))
    const storage = breakable(folder)
    await storage.lose()
    // Not kept: Alertmanager is to send it again, and it was sent already.
    expect(await send(anAlert())).toBe(503)
    await waitFor('the beginning', () => told.length === 1)
    expect(await send(anAlert())).toBe(503)
    expect(await (await fetch(`${url}/metrics`)).text()).toContain(
      'probity_state_kept{file="notifier-state.jsonl"} 0',
    )
    await storage.bringBack()
    await waitFor('the state is written', async () =>
      (await (await fetch(`${url}/metrics`)).text()).includes(
        'probity_state_kept{file="notifier-state.jsonl"} 1',
      ),
    )
    expect(await send(anAlert())).toBe(200)
    await notifier!.stop()
    await start(hook())
    expect(await send(resolved(anAlert()))).toBe(200)
    await waitFor('the end', () => told.length === 2)
    expect(told).toEqual([
      'CRITICAL: shop has failed every check for 1m 30s',
      'RESOLVED: TargetDown of shop after 5m',
    ])
  })

  it('run nothing for a request that is refused', async () => {
    const ran = join(folder, 'ran')
    await start(
      `channels: { run: { type: command, command: [touch, "${ran}"] } }\nroutes: [{ channels: run }]\n`,
    )
    expect(await post({ Authorization: 'Bearer guess' })).toBe(401)
    expect(await post({ Authorization: '' })).toBe(401)
    expect(await post({ 'Content-Type': 'text/plain' })).toBe(415)
    expect(await post({}, `"${'x'.repeat(1024 * 1024)}"`)).toBe(413)
    expect(await post({}, '{')).toBe(400)
    await notifier!.stop()
    await expect(readFile(ran)).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(readFile(join(folder, 'command-audit.log'), 'utf8')).resolves.toBe('')
  })

  it('run a command for a request that is accepted, and leave an audit line', async () => {
    const ran = join(folder, 'ran')
    await start(
      `channels: { run: { type: command, command: [touch, "${ran}"] } }\nroutes: [{ channels: run }]\n`,
    )
    expect(await post()).toBe(200)
    const line = await waitFor('the audit line', async () => {
      const text = await readFile(join(folder, 'command-audit.log'), 'utf8')
      return text.includes('\n') && text
    })
    expect(JSON.parse(line)).toMatchObject({ channel: 'run', action: 'run', target: 'shop', exit_code: 0 })
    await expect(readFile(ran, 'utf8')).resolves.toBe('')
  })

  it('show what they gave up, to those who have the secret', async () => {
    status = 400
    const url = await start(hook())
    await post()
    const answer = await waitFor('what was given up', async () => {
      const response = await fetch(`${url}/api/v1/undelivered`, {
        headers: { Authorization: `Bearer ${await token()}` },
      })
      const shown = (await response.json()) as UndeliveredAnswer
      return shown.undelivered.length > 0 && shown
    })
    expect(answer).toMatchObject({
      pending: [],
      undelivered: [{ channel: 'hook', status: 'firing', target: 'shop', attempts: 1 }],
    })
    expect(answer.undelivered[0]?.error).toContain('400')
    expect(describeStatus(answer)).toMatch(
      /^pending: 0\ngiven up: 1\n {2}hook {2}firing {2}TargetDown {2}shop/,
    )
    expect((await fetch(`${url}/api/v1/undelivered`)).status).toBe(401)
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(metrics).toContain('probity_notifications_total{channel="hook",result="failed"} 1')
  })

  it('follow an edit of notify.yml, and stay as they are after a broken one', async () => {
    await start('routes: []\n')
    await post()
    await writeFile(notifyFile, 'routes: [{ channels: gone }]\n')
    await expect(notifier!.reload()).rejects.toThrow('there is no channel "gone"')
    await writeFile(notifyFile, hook())
    await notifier!.reload()
    await waitFor('what fires already is reported', () => told.length === 1)
  })
})

describe('probity notify test', () => {
  it('sends one marked message through every channel, and says how it went', async () => {
    await writeFile(
      notifyFile,
      `
channels:
  hook: { type: webhook, url: "${peerUrl}/hook" }
  fails: { type: command, command: ["false"] }
  mends: { type: command, command: ["false"], cooldown: 10m }
  guarded: { type: command, command: ["false"], only_if: ["false"] }
  ends: { type: command, command: ["false"], when: [resolved] }
  chat: { type: slack, webhook_url: "\${NOT_SET}" }
`,
    )
    const config = await loadNotify(notifyFile, { env: {}, types: notifyTypes })
    const options = { clock: systemClock, env: { HEARTBEAT_URL: `${peerUrl}/ping` } }
    const results = await testChannels(config, undefined, options)
    expect(results.map(({ channel, result }) => `${channel} ${result}`)).toEqual([
      'hook delivered',
      'fails failed',
      'mends not run',
      'guarded not run',
      'ends not run',
      'HEARTBEAT_URL delivered',
      'chat left out',
    ])
    expect(results.flatMap(({ reason }) => reason ?? [])).toEqual([
      'fails exited with code 1',
      'a repair command is not run for a test',
      'only_if failed',
      'it is not configured to run when an alert begins (when)',
      'NOT_SET is not set',
    ])
    expect(told.sort()).toEqual(['/ping', "TEST: INFO: a test of Probity's notifications"])
    expect(await testChannels(config, 'hook', options)).toHaveLength(1)
    await expect(testChannels(config, 'hok', options)).rejects.toThrow(
      'there is no channel "hok" (did you mean hook?): there are hook, fails, mends, guarded, ends, chat',
    )
  })
})
