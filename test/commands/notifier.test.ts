import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readFile, rename, symlink, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startNotifier, type Notifier } from '../../src/app/notifier/notifier.ts'
import type { Alert } from '../../src/alerts/alert.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { anAlert, resolved, webhookMessage } from '../support/alerts/alerts.ts'
import { testClock } from '../support/time/clock.ts'
import { tempFolder } from '../support/temp-folder.ts'

const log = createLogger({ destination: { write: () => undefined } })

let notifier: Notifier
let folder: string
let alertsLog: string
let tokenFile: string
let printed: string

beforeEach(async () => {
  folder = await tempFolder()
  alertsLog = join(folder, 'data', 'alerts.log')
  tokenFile = join(folder, 'secrets', 'token')
  printed = ''
})

afterEach(() => notifier.stop())

async function start(port = 0): Promise<void> {
  notifier = await startNotifier(
    { listenAddress: { host: '127.0.0.1', port }, bearerTokenFile: tokenFile, logFile: alertsLog },
    { log, clock: testClock(), stdout: { write: (text) => (printed += text) } },
  )
}

async function post(alerts: readonly Alert[], token?: string): Promise<number> {
  const secret = token ?? (await readFile(tokenFile, 'utf8')).trim()
  const response = await fetch(`${notifier.url}/api/v1/alerts`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${secret}` },
    body: JSON.stringify(webhookMessage(alerts)),
  })
  await response.text()
  return response.status
}

async function lines(path = alertsLog): Promise<string[]> {
  const text = await readFile(path, 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { status, target } = JSON.parse(line) as { status: string; target: string }
      return `${target} ${status}`
    })
}

async function metric(series: string): Promise<number | undefined> {
  const text = await (await fetch(`${notifier.url}/metrics`)).text()
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `))
  return line === undefined ? undefined : Number(line.slice(series.length))
}

const delivered = 'probity_notifications_total{channel="log",result="delivered"}'
const failed = 'probity_notifications_total{channel="log",result="failed"}'

describe('the notifier', () => {
  it('writes the alerts that were posted to the alerts log and to stdout', async () => {
    await start()
    expect(await post([anAlert()])).toBe(200)
    expect(await post([anAlert()])).toBe(200)
    expect(await post([resolved(anAlert())])).toBe(200)
    expect(await lines()).toEqual(['shop firing', 'shop resolved'])
    expect(printed).toBe(await readFile(alertsLog, 'utf8'))
  })

  it('neither repeats nor forgets an alert when it is restarted', async () => {
    await start()
    await post([anAlert()])
    await notifier.stop()
    await start()
    expect(await post([anAlert()])).toBe(200)
    expect(await lines()).toEqual(['shop firing'])
    await post([resolved(anAlert())])
    expect(await lines()).toEqual(['shop firing', 'shop resolved'])
  })

  it('does not repeat an alert when it is restarted after a rotation', async () => {
    await start()
    await post([anAlert()])
    await rename(alertsLog, `${alertsLog}.1`)
    await notifier.stop()
    await start()
    await post([anAlert()])
    await post([resolved(anAlert())])
    expect(await lines(`${alertsLog}.1`)).toEqual(['shop firing'])
    expect(await lines()).toEqual(['shop resolved'])
  })

  it('counts what was delivered and what was not', async () => {
    await start()
    expect([await metric(delivered), await metric(failed)]).toEqual([0, 0])
    await post([
      anAlert(),
      anAlert({ fingerprint: 'b', labels: { alertname: 'TargetDown', target: 'blog' } }),
    ])
    await post([anAlert()])
    expect([await metric(delivered), await metric(failed)]).toEqual([2, 0])
  })

  it('asks for the alerts again while the disk is full, and then writes them once', async () => {
    await start()
    await unlink(alertsLog)
    await symlink('/dev/full', alertsLog)
    expect(await post([anAlert()])).toBe(503)
    expect(await metric(failed)).toBe(1)
    expect(await post([anAlert()])).toBe(503)
    expect(await metric('probity_state_kept{file="alerts.log"}')).toBe(0)
    const ready = await fetch(`${notifier.url}/-/ready`)
    expect(ready.status).toBe(200)
    expect(await ready.text()).toBe(
      'Probity is Ready.\nDegraded: alerts.log could not be written since 2026-11-20T12:00:00.000Z: ENOSPC: no space left on device\n',
    )
    await unlink(alertsLog)
    expect(await post([anAlert()])).toBe(200)
    expect(await post([anAlert()])).toBe(200)
    expect(await lines()).toEqual(['shop firing'])
    // stdout gets a note once, the first time.
    expect(printed.split('\n')).toHaveLength(2)
    expect(await metric('probity_state_kept{file="alerts.log"}')).toBe(1)
    expect(await (await fetch(`${notifier.url}/-/ready`)).text()).toBe('Probity is Ready.\n')
  })

  it('takes 1,000 messages at once', async () => {
    await start()
    const names = Array.from({ length: 1000 }, (_, index) => `target ${index}`)
    const statuses = await Promise.all(
      names.map((target) => post([anAlert({ fingerprint: target, labels: { target } })])),
    )
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect((await lines()).sort()).toEqual(names.map((target) => `${target} firing`).sort())
  })

  it('makes its bearer token, and no one comes in without it', async () => {
    await start()
    expect(await post([anAlert()], 'guess')).toBe(401)
    expect(await lines()).toEqual([])
  })

  it('takes the token that is there, and a new one after a reload', async () => {
    await start()
    await writeFile(tokenFile, 'changed\n')
    expect(await post([anAlert()], 'changed')).toBe(401)
    await notifier.reload()
    expect(await post([anAlert()], 'changed')).toBe(200)
    await writeFile(tokenFile, '')
    await expect(notifier.reload()).rejects.toMatchObject({ code: 'TOKEN_UNREADABLE' })
    expect(await post([anAlert()], 'changed')).toBe(200)
  })

  it('creates the alerts log again on a reload', async () => {
    await start()
    await rename(alertsLog, `${alertsLog}.1`)
    await notifier.reload()
    expect(await lines()).toEqual([])
  })

  it('shows its version, its process and its health', async () => {
    await start()
    const text = await (await fetch(`${notifier.url}/metrics`)).text()
    expect(text).toMatch(/^probity_notifier_build_info\{version="\d+\.\d+\.\d+",node_version="[\d.]+"\} 1$/m)
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m)
    const healthy = await fetch(`${notifier.url}/-/healthy`)
    const ready = await fetch(`${notifier.url}/-/ready`)
    expect([healthy.status, ready.status]).toEqual([200, 200])
  })

  it('stops once, however often it is told to', async () => {
    await start()
    await Promise.all([notifier.stop(), notifier.stop()])
    await expect(fetch(notifier.url)).rejects.toThrow('fetch failed')
  })

  it('says which address it could not have', async () => {
    await start()
    const first = notifier
    const port = Number(new URL(first.url).port)
    await expect(start(port)).rejects.toMatchObject({
      code: 'LISTEN_FAILED',
      message: expect.stringContaining(`cannot listen on 127.0.0.1:${port}`),
    })
    expect(await post([anAlert()])).toBe(200)
  })
})
