import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startLocalStack, type LocalStack } from '../../scripts/stack/local-stack.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { describeWithTool } from '../support/programs/tools.ts'
import { waitFor } from '../support/time/wait-for.ts'

interface AlertLine {
  readonly status: 'firing' | 'resolved'
  readonly alertname: string
  readonly target: string
  readonly summary: string
  readonly reason?: string
  readonly runbook_url: string
  readonly target_url?: string
  readonly incident_url?: string
}

/** The shipped timers, divided: rules are evaluated every second. */
const speedUp = 12

/** The whole product, as it is shipped, on real programs. The tests are one story and run in this order. */
describeWithTool(['prometheus', 'prometheus-alertmanager'], 'the stack, end to end', () => {
  let folder: string
  let stack: LocalStack
  let shop: Server
  let status = 200
  const watched = (extra = '') => `
defaults: { interval: 1s, timeout: 900ms }
targets:
  - name: shop
    url: http://127.0.0.1:${(shop.address() as AddressInfo).port}/
    runbook: https://wiki.example.com/shop
${extra}`

  const configure = (text: string) => writeFile(join(folder, 'targets.yml'), text)

  const alerts = async (): Promise<AlertLine[]> => {
    const text = await readFile(stack.alertsLog, 'utf8').catch(() => '')
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as AlertLine)
  }

  /** Without the error budget: the minutes of this story are all the history there is, so any outage burns it. */
  const about = async (target: string): Promise<string[]> =>
    (await alerts())
      .filter((line) => line.target === target && !line.alertname.startsWith('TargetBudgetBurn'))
      .map(({ alertname, status: is }) => `${alertname} ${is}`)

  const query = async (promql: string): Promise<number[]> => {
    const response = await fetch(`${stack.url.prometheus}/api/v1/query?query=${encodeURIComponent(promql)}`)
    const body = (await response.json()) as { data: { result: { value: [number, string] }[] } }
    return body.data.result.map(({ value }) => Number(value[1]))
  }

  const scraped = (target: string) =>
    waitFor(
      `a scrape of ${target}`,
      async () => (await query(`probe_success{target="${target}"}`)).length === 1,
    )

  beforeAll(async () => {
    shop = createServer((_request, response) => response.writeHead(status).end()).listen(0, '127.0.0.1')
    await once(shop, 'listening')
    folder = await tempFolder()
    await configure(watched())
    stack = await startLocalStack({
      folder: join(folder, 'stack'),
      configFile: join(folder, 'targets.yml'),
      speedUp,
    })
  })

  afterAll(async () => {
    await (stack as LocalStack | undefined)?.stop()
    shop.close()
    shop.closeAllConnections()
  })

  it('says nothing while the target is healthy', async () => {
    await waitFor(
      'three good checks',
      async () => (await query('changes(probe_check_timestamp_seconds[1m]) >= 3')).length === 1,
    )
    // A slow start may have been long enough for ExporterDown.
    await waitFor(
      'no alert',
      async () => (await query('ALERTS{alertname!="Watchdog",alertstate="firing"}')).length === 0,
    )
    expect((await alerts()).filter(({ target }) => target !== '')).toEqual([])
  })

  it('tells of a target that fails: what was seen, why, and where the runbook is', async () => {
    status = 503
    const line = await waitFor('TargetDown', async () =>
      (await alerts()).find((alert) => alert.alertname === 'TargetDown'),
    )
    expect(line).toMatchObject({
      status: 'firing',
      target: 'shop',
      severity: 'critical',
      runbook_url: 'https://wiki.example.com/shop',
    })
    expect(line.summary).toMatch(/^shop has failed every check for .+, reason: status \(.*503.*\)$/)
    for (const link of [line.target_url, line.incident_url]) {
      expect(link).toMatch(new RegExp(`^${stack.url.exporter}/(targets|incidents)/shop`))
      expect((await fetch(link!)).status).toBe(200)
    }
  })

  it('neither forgets nor repeats it when the exporter restarts while the target is down', async () => {
    await stack.program('exporter').stop()
    await waitFor('a failed scrape', async () => (await query('up{target="shop"} == 0')).length === 1)
    await stack.start('exporter')
    await waitFor(
      'five good scrapes',
      async () => (await query('sum_over_time(up{target="shop"}[5s]) == 5')).length === 1,
    )
    expect(await query('ALERTS{alertname="TargetDown",alertstate="firing"}')).toEqual([1])
    expect(await about('shop')).toEqual(['TargetDown firing'])
  })

  it('tells of the recovery', async () => {
    status = 200
    await waitFor('the resolved notice', async () => (await about('shop')).includes('TargetDown resolved'))
    expect(await about('shop')).toEqual(['TargetDown firing', 'TargetDown resolved'])
  })

  it('picks up a new target within 15 s, without a restart', async () => {
    const url = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/new`
    const edited = performance.now()
    await configure(watched(`  - { name: new, url: "${url}" }`))
    const listed = async () => {
      const response = await fetch(`${stack.url.prometheus}/api/v1/targets?state=active`)
      const { data } = (await response.json()) as {
        data: { activeTargets: { labels: { target?: string } }[] }
      }
      return data.activeTargets.some(({ labels }) => labels.target === 'new')
    }
    await waitFor('the new target in the list of Prometheus', listed)
    expect(performance.now() - edited).toBeLessThan(15_000)
    await scraped('new')
    expect(performance.now() - edited).toBeLessThan(17_000)
  })

  it('keeps everything as it was after a broken edit, and reports it', async () => {
    await configure(watched('  - { name: typo, url: "http://127.0.0.1:1/", tmieout: 1s }'))
    await waitFor(
      'the failed reload in the metrics',
      async () => (await query('probity_config_last_reload_successful{job="probity"} == 0')).length === 1,
    )
    expect(stack.program('exporter').output()).toContain(
      'targets[1].tmieout: unknown key (did you mean timeout?)',
    )
    const targets = (await (await fetch(`${stack.url.exporter}/sd`)).json()) as {
      labels: { target: string }
    }[]
    expect(targets.map(({ labels }) => labels.target)).toEqual(['shop', 'new'])
    await waitFor('ConfigReloadFailed', async () =>
      (await alerts()).some((line) => line.alertname === 'ConfigReloadFailed'),
    )
    await configure(watched())
    await waitFor(
      'the repaired reload',
      async () => (await query('probity_config_last_reload_successful{job="probity"} == 1')).length === 1,
    )
  })

  it('raises one alert when the exporter dies, and none per target', async () => {
    const before = await about('shop')
    await stack.program('exporter').stop('SIGKILL')
    await waitFor('ExporterDown', async () =>
      (await alerts()).some((line) => line.alertname === 'ExporterDown'),
    )
    await waitFor(
      'TargetScrapeFailing, held back',
      async () => (await query('ALERTS{alertname="TargetScrapeFailing",alertstate="firing"}')).length > 0,
    )
    expect(await about('shop')).toEqual(before)
  })
})
