import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pino } from 'pino'
import { startExporter } from '../../src/app/exporter/exporter.ts'
import { startSolo, type Solo } from '../../src/app/solo/solo.ts'
import { targetAnswer, targetsAnswer } from '../../src/web/api/shapes.ts'
import { atEnd } from '../support/at-end.ts'
import { startHttpPeer } from '../support/servers/http-peer.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'
import { answerOf, checked } from '../web/api/conformance.ts'

const log = pino({ level: 'silent' })
const listenAddress = { host: '127.0.0.1', port: 0 }
const stdout = { write: () => true }

/** A shop that fails, a job that reports, and a configuration that watches them, or does not. */
async function aPlace() {
  const peer = await startHttpPeer(() => ({ status: 500 }))
  const folder = await tempFolder()
  const configFile = join(folder, 'targets.yml')
  const write = (enabled: boolean): Promise<void> =>
    writeFile(
      configFile,
      `defaults: { interval: 200ms, alert_after: 1, enabled: ${enabled}, expect: { max_error_rate: off } }
targets:
  - { name: shop, url: "${peer.url}/", alert_after: 2 }
  - { name: job, heartbeat: 1h, token: t0ken-of-the-job }
  - { name: other, url: "${peer.url}/other", interval: 1h, enabled: true }
`,
    )
  await write(true)
  return { peer, folder, configFile, write }
}

const reload = async (url: string): Promise<number> =>
  (await fetch(`${url}/-/reload`, { method: 'POST' })).status

async function stateOf(url: string): Promise<string> {
  return checked((await answerOf(`${url}/api/v1/targets/shop`, targetAnswer)).target).state
}

describe('a target that is paused by a reload', () => {
  it('is not listed, not probed, and still shown by an exporter, until it is enabled again', async () => {
    const { peer, configFile, folder, write } = await aPlace()
    const exporter = await startExporter(
      { configFile, listenAddress, lifecycle: true, storagePath: folder },
      { log, env: {} },
    )
    atEnd(() => exporter.stop())
    const { url } = exporter
    const probe = (): Promise<Response> => fetch(`${url}/probe?target=shop`)
    const listed = async (): Promise<string[]> => {
      const groups = (await (await fetch(`${url}/sd`)).json()) as { labels: { target: string } }[]
      return groups.map(({ labels }) => labels.target)
    }
    expect((await probe()).status).toBe(200)
    expect(await listed()).toEqual(['shop', 'job', 'other'])
    await write(false)
    expect(await reload(url)).toBe(200)
    const asked = peer.received.length
    const answer = await probe()
    expect([answer.status, await answer.text()]).toEqual([
      404,
      'target "shop" is paused, and is not probed: it has enabled: false in the configuration\n',
    ])
    expect(peer.received).toHaveLength(asked)
    expect(await listed()).toEqual(['other'])
    expect(await (await fetch(`${url}/metrics`)).text()).not.toMatch(/probity_target_info\{.*"shop"/)
    const config = await (await fetch(`${url}/config`)).text()
    expect(config.match(/- enabled: false\n/g)).toHaveLength(2)
    const { target } = await answerOf(`${url}/api/v1/targets/shop`, targetAnswer)
    expect(target).toMatchObject({ state: 'paused', last: { success: false, statusCode: 500 } })
    // A job goes on without knowing, and what it reports is there when it is watched again.
    const job = await fetch(`${url}/api/v1/heartbeat/job`, {
      method: 'POST',
      headers: { Authorization: 'Bearer t0ken-of-the-job' },
    })
    expect(job.status).toBe(200)
    await write(true)
    expect(await reload(url)).toBe(200)
    expect(await listed()).toEqual(['shop', 'job', 'other'])
    expect((await probe()).status).toBe(200)
    expect(await (await fetch(`${url}/probe?target=job`)).text()).toMatch(/^probe_success 1$/m)
    expect(await stateOf(url)).toBe('down')
  })

  it('has its alert ended by solo, which says why, and fires again, also over a restart', async () => {
    const { peer, configFile, folder, write } = await aPlace()
    const options = { configFile, listenAddress, lifecycle: true, storagePath: folder }
    const start = async (): Promise<Solo> => {
      const solo = await startSolo(options, { log, env: {}, stdout })
      atEnd(() => solo.stop())
      return solo
    }
    const told = async (): Promise<string[]> =>
      (await readFile(join(folder, 'alerts.log'), 'utf8').catch(() => ''))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, string>)
        .filter(({ target }) => target === 'shop')
        .map(({ status, ended }) => [status, ended].join(' ').trim())
    let solo = await start()
    await waitFor('the alert', async () => (await told()).length === 1)
    await write(false)
    expect(await reload(solo.url)).toBe(200)
    await waitFor('its end', async () => (await told()).length === 2)
    expect(await told()).toEqual(['firing', 'resolved paused'])
    const asked = peer.received.length
    expect(await stateOf(solo.url)).toBe('paused')
    await solo.stop()
    solo = await start()
    const { targets } = await answerOf(`${solo.url}/api/v1/targets`, targetsAnswer)
    expect(targets.map(({ state }) => state).slice(0, 2)).toEqual(['paused', 'paused'])
    await write(true)
    expect(await reload(solo.url)).toBe(200)
    await waitFor('the alert again', async () => (await told()).length === 3)
    expect((await told()).at(-1)).toBe('firing')
    expect(peer.received.slice(asked).length).toBeGreaterThan(0)
    // Paused while nothing runs: the next process says so.
    await solo.stop()
    await write(false)
    await start()
    await waitFor('its end', async () => (await told()).length === 4)
    expect((await told()).at(-1)).toBe('resolved paused')
  })
})
