import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { monitor } from 'probity-client'
import { freePorts, startProgram, untilReady } from '../../scripts/stack/process.ts'
import { renderShippedFiles } from '../../scripts/stack/shipped-files.ts'
import { startExporter } from '../../src/app/exporter/exporter.ts'
import type { Exporter } from '../../src/app/exporter/running.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { prometheusApi, type PrometheusApi, type Series } from '../support/programs/prometheus-api.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { describeWithTool } from '../support/programs/tools.ts'
import { waitFor } from '../support/time/wait-for.ts'

/** The shipped timers, divided: scrapes and rules every second. Windows in expressions stay as they are. */
const speedUp = 15

const config = `
targets:
  - { name: charges, calls: { host: ^pay.example$ }, expect: { max_latency: 100ms, max_error_rate: 5% } }
  - { name: search, calls: { operation: ^search$ }, expect: { max_latency: 100ms } }
`

/** The collector and a real Prometheus with the shipped rules. */
describeWithTool(['prometheus'], 'calls', () => {
  const stops: (() => Promise<unknown>)[] = []
  let exporter: Exporter
  let prometheus: PrometheusApi

  beforeAll(async () => {
    const folder = await tempFolder()
    const configFile = join(folder, 'targets.yml')
    await writeFile(configFile, config)
    const loopback = { host: '127.0.0.1', port: 0 }
    exporter = await startExporter(
      { configFile, listenAddress: loopback, calls: { address: loopback, optional: false } },
      { log: createLogger({ level: 'error' }) },
    )
    stops.push(() => exporter.stop())
    const ports = await freePorts(['prometheus'])
    const address = `127.0.0.1:${ports.prometheus}`
    await renderShippedFiles(['prometheus'], folder, {
      speedUp,
      replace: { 'exporter:9740': new URL(exporter.url).host, 'localhost:9090': address },
    })
    const data = join(folder, 'data')
    await mkdir(data)
    const program = startProgram('prometheus', 'prometheus', [
      `--config.file=${join(folder, 'prometheus', 'prometheus.yml')}`,
      `--web.listen-address=${address}`,
      `--storage.tsdb.path=${data}`,
    ])
    stops.push(() => program.stop())
    await untilReady(program, `http://${address}/-/ready`)
    prometheus = prometheusApi(`http://${address}`)
  })

  afterAll(async () => {
    for (const stop of stops.reverse()) await stop()
  })

  async function alerts(matchers: string): Promise<readonly Series[]> {
    const { series } = await prometheus.query(`ALERTS{alertstate="firing",${matchers}}`, Date.now() / 1000)
    return series
  }

  async function scraped(series: string, value: number): Promise<void> {
    await waitFor(`${series} of ${value}`, async () => {
      const { series: found } = await prometheus.query(series, Date.now() / 1000)
      return found.some(({ values }) => Number(values[0]?.[1]) >= value)
    })
  }

  const report = async (lines: readonly string[]): Promise<void> => {
    await fetch(`${exporter.url}/api/v1/calls`, { method: 'POST', body: lines.join('') })
  }

  /** 5 % of them by version 2, of which 4 % fail; of the others 0.5 %. */
  const rollout = Array.from({ length: 4000 }, (_, index) => {
    const canary = index % 20 === 0
    const failed = canary ? index % 500 === 0 : index % 211 === 7
    return `2\tPOST\thttps://pay.example/v1\t20\t${failed ? 503 : 200}\t\tshop\t${canary ? 2 : 1}\n`
  })

  it('of a canary that fails 4 % instead of 0.5 % are told by its version', async () => {
    await report(rollout.slice(20, 40))
    await scraped('sum(api_call_duration_seconds_count{target="charges"})', 20)
    const batches = 8
    for (let batch = 0; batch < batches; batch++) {
      const share = rollout.length / batches
      await report(rollout.slice(batch * share, (batch + 1) * share))
      await scraped('sum(api_call_duration_seconds_count{target="charges"})', 20 + (batch + 1) * share)
    }
    const firing = await waitFor('CanaryWorse', async () => {
      // Somebody goes on calling: a version without calls was taken back.
      await report(rollout.slice(20, 40))
      const found = await alerts('alertname="CanaryWorse"')
      return found.length > 0 && found
    })
    expect(firing.map(({ metric }) => metric)).toMatchObject([
      { target: 'charges', caller: 'shop', version: '2', severity: 'warning' },
    ])
    expect(await alerts('alertname=~"CallsErrorRateHigh|CallsSlow"')).toEqual([])
  })

  it('of a vendor that slows from 40 to 140 ms are reported within 90 s, by the client and over UDP', async () => {
    let vendorMs = 40
    const shop = monitor({
      caller: 'shop',
      version: '1',
      address: new URL(exporter.callsUrl ?? '').host,
    })
    const search = shop.wrap('search', () => new Promise((resolve) => setTimeout(resolve, vendorMs)))
    const calling = { on: true }
    const callers = Array.from({ length: 10 }, async () => {
      while (calling.on) await search()
    })
    try {
      await scraped('sum(calls:total:5m{target="search"})', 500)
      expect(await alerts('alertname="CallsSlow"')).toEqual([])
      vendorMs = 140
      const slowSince = Date.now()
      const firing = await waitFor(
        'CallsSlow',
        async () => {
          const found = await alerts('alertname="CallsSlow"')
          return found.length > 0 && found
        },
        90_000,
      )
      expect(firing.map(({ metric }) => metric)).toMatchObject([{ target: 'search', severity: 'warning' }])
      expect(Date.now() - slowSince).toBeLessThan(90_000)
    } finally {
      calling.on = false
      await Promise.all(callers)
      await shop.close()
    }
  })
})
