import { once } from 'node:events'
import { mkdir, readFile, symlink, unlink, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startSolo, type Solo } from '../../src/app/solo/solo.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { breakable } from '../support/broken-folder.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { quickEvaluations } from '../support/time/quick-evaluations.ts'
import { waitFor } from '../support/time/wait-for.ts'

let folder: string
let storagePath: string
let solo: Solo | undefined
let peer: Server
let told: string[]
let warned: string[]
let printed: string

beforeEach(async () => {
  folder = await tempFolder()
  storagePath = join(folder, 'data')
  await mkdir(storagePath)
  told = []
  warned = []
  printed = ''
  peer = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      told.push((JSON.parse(body) as { status: string }).status)
      response.end()
    })
  }).listen(0, '127.0.0.1')
  await once(peer, 'listening')
  const url = `http://127.0.0.1:${(peer.address() as AddressInfo).port}`
  await writeFile(
    join(folder, 'targets.yml'),
    'targets: [{ name: backup, heartbeat: 1d, interval: 250ms, timeout: 200ms, alert_after: 1 }]',
  )
  await writeFile(
    join(folder, 'notify.yml'),
    `channels: { hook: { type: webhook, url: "${url}/hook", body: { status: "{status}" } } }\nroutes: [{ channels: hook, repeat: once }]\n`,
  )
})

afterEach(async () => {
  await solo?.stop()
  solo = undefined
  peer.closeAllConnections()
  peer.close()
})

async function start(): Promise<Solo> {
  const destination = {
    write(line: string) {
      const { level, msg } = JSON.parse(line) as { level: string; msg: string }
      if (level !== 'info') warned.push(msg)
    },
  }
  solo = await startSolo(
    {
      configFile: join(folder, 'targets.yml'),
      notify: { file: join(folder, 'notify.yml'), optional: false },
      listenAddress: { host: '127.0.0.1', port: 0 },
      storagePath,
    },
    {
      log: createLogger({ destination }),
      timers: quickEvaluations,
      env: {},
      stdout: { write: (text) => (printed += text) },
    },
  )
  return solo
}

/** A job tells how it went: a target that is up or down at once, however busy the machine is. */
async function job(what: 'fails' | 'succeeds'): Promise<void> {
  const path = `/api/v1/heartbeat/backup${what === 'fails' ? '/1' : ''}`
  expect((await fetch(`${solo!.url}${path}`, { method: 'POST' })).status).toBe(200)
}

const text = async (path: string): Promise<string> => (await fetch(`${solo!.url}${path}`)).text()

it('reports alerts while its disk is away, shows that it is, and has everything once it is back', async () => {
  await start()
  await waitFor('a check', async () => /probity_probes_total.* [1-9]/.test(await text('/metrics')))
  const disk = breakable(storagePath)
  await disk.lose()
  await job('fails')
  await waitFor('the beginning', () => told.length === 1)
  await waitFor('the log is missed', async () => (await text('/-/ready')).includes('Degraded: alerts.log'))
  const ready = await fetch(`${solo!.url}/-/ready`)
  expect([ready.status, await ready.text()]).toEqual([
    200,
    expect.stringMatching(
      /^Probity is Ready\.\n(Degraded: .*\n)*Degraded: notifier-state\.jsonl could not be written since /,
    ),
  ])
  expect(await text('/')).toContain('Probity cannot write to its disk')
  expect(await text('/metrics')).toContain('probity_state_kept{file="solo-state.json"} 0')
  await job('succeeds')
  await waitFor('the end', () => told.length === 2)
  const onStdout = (): string[] =>
    printed
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [(JSON.parse(line) as { status: string }).status]))
  await waitFor('both are on stdout', () => onStdout().length === 2)
  // Once per file, however often it was tried.
  const files = warned.filter((line) => line.includes('in memory only')).map((line) => line.split(' ')[0])
  expect(files.sort()).toEqual([
    'alerts.log',
    'heartbeats/state.jsonl',
    'notifier-state.jsonl',
    'solo-state.json',
  ])

  await disk.bringBack()
  const whole = async (): Promise<boolean> => (await text('/-/ready')) === 'Probity is Ready.\n'
  await waitFor('everything is kept', whole, 60_000)
  expect(await text('/')).not.toContain('Probity cannot write to its disk')
  const log = (await readFile(join(storagePath, 'alerts.log'), 'utf8')).trim().split('\n')
  expect(log.map((line) => (JSON.parse(line) as { status: string }).status)).toEqual(['firing', 'resolved'])
  expect(onStdout()).toEqual(['firing', 'resolved'])
  await solo!.stop()
  await start()
  await waitFor('a check', async () => /probity_probes_total.* [1-9]/.test(await text('/metrics')))
  expect(told).toEqual(['firing', 'resolved'])
}, 120_000)

it('does not tell again and again because the alerts log alone cannot be written', async () => {
  const log = join(storagePath, 'alerts.log')
  await start()
  await unlink(log)
  await symlink('/dev/full', log)
  for (const status of ['firing', 'resolved', 'firing', 'resolved']) {
    const before = told.length
    await job(status === 'resolved' ? 'succeeds' : 'fails')
    await waitFor(status, () => told.length > before)
  }
  await unlink(log)
  await waitFor('the log', async () => (await readFile(log, 'utf8')).split('\n').length > 4, 60_000)
  expect(told).toEqual(['firing', 'resolved', 'firing', 'resolved'])
}, 120_000)
