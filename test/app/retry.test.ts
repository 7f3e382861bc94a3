import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pino } from 'pino'
import { startExporter } from '../../src/app/exporter/exporter.ts'
import { startSolo } from '../../src/app/solo/solo.ts'
import { atEnd } from '../support/at-end.ts'
import { startHttpPeer } from '../support/servers/http-peer.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'

const log = pino({ level: 'silent' })
const listenAddress = { host: '127.0.0.1', port: 0 }
const stdout = { write: () => true }

/** A shop that answers with these statuses, then with the last of them. */
async function aPlace(statuses: readonly number[], keys: string) {
  let asked = 0
  const peer = await startHttpPeer(() => ({ status: statuses[asked++] ?? statuses.at(-1) ?? 200 }))
  const folder = await tempFolder()
  const configFile = join(folder, 'targets.yml')
  await writeFile(configFile, `targets:\n  - { name: shop, url: "${peer.url}/", ${keys} }\n`)
  return { folder, configFile, asked: () => asked }
}

describe('retry', () => {
  it('has a scrape of an exporter wait for the second check, which is what it is answered', async () => {
    const { configFile, folder, asked } = await aPlace([500, 200], 'interval: 30s, retry: 125ms')
    const exporter = await startExporter({ configFile, listenAddress, storagePath: folder }, { log, env: {} })
    atEnd(() => exporter.stop())
    const { url } = exporter
    const scrape = await fetch(`${url}/probe?target=shop`, {
      headers: { 'X-Prometheus-Scrape-Timeout-Seconds': '30' },
    })
    const text = await scrape.text()
    expect(text).toContain('probe_success 1\n')
    expect(text).toContain('probe_retried_failure_info{reason="status"} 1\n')
    expect(asked()).toBe(2)
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(metrics).toContain('probity_probes_total{kind="http",outcome="success"} 1\n')
    expect(metrics).toContain('probity_probe_retries_total{kind="http",outcome="success"} 1\n')
    const page = await (await fetch(`${url}/targets/shop`)).text()
    expect(page).toContain('1 failure was not confirmed (status: expected 2xx, got 500)')
    const groups = (await (await fetch(`${url}/sd`)).json()) as { labels: Record<string, string> }[]
    expect(groups[0]?.labels).toMatchObject({ __scrape_interval__: '30000ms', __scrape_timeout__: '21125ms' })
  })

  it('has solo alert on what the second check confirms, and on nothing else', async () => {
    // Interval by interval: one that is not confirmed, one that succeeds, and one that is.
    const { configFile, folder, asked } = await aPlace(
      [500, 200, 200, 500],
      'interval: 300ms, timeout: 100ms, retry: 10ms, alert_after: 1',
    )
    const solo = await startSolo({ configFile, listenAddress, storagePath: folder }, { log, env: {}, stdout })
    atEnd(() => solo.stop())
    const alerts = (): Promise<string> => readFile(join(folder, 'alerts.log'), 'utf8').catch(() => '')
    await waitFor('an alert', async () => (await alerts()) !== '')
    expect(asked()).toBeGreaterThanOrEqual(5)
    expect((await alerts()).split('\n')[0]).toContain('TargetDown')
    const metrics = await (await fetch(`${solo.url}/metrics`)).text()
    expect(metrics).toContain('probity_probe_retries_total{kind="http",outcome="success"} 1\n')
  })
})
