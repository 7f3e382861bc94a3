import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canMakeNamespaces, openNamespaces, type Namespaces } from '../../scripts/stack/namespaces.ts'
import { freePorts } from '../../scripts/stack/process.ts'
import { startScaledStack, type ScaledStack } from '../../scripts/stack/scaled-stack.ts'
import { alertmanagers, startAlertmanager, type Alertmanager } from '../support/programs/alertmanager.ts'
import { findTool } from '../support/programs/find-tool.ts'
import { prometheusApi, type Series } from '../support/programs/prometheus-api.ts'
import { prometheuses } from '../support/programs/prometheus.ts'
import { proveAll } from '../support/proof.ts'
import { startHttpPeer } from '../support/servers/http-peer.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'

const victoriaMetrics = process.env.PROBITY_VICTORIA_METRICS ?? 'victoria-metrics'
const tools = [...prometheuses.slice(0, 1), ...alertmanagers.slice(0, 1), victoriaMetrics]
const missing = tools.filter((tool) => findTool(tool) === undefined)
const canRun = missing.length === 0 && (await canMakeNamespaces())

const locations = ['frankfurt', 'virginia', 'sydney']
const names = Array.from({ length: 200 }, (_, n) => `shop-${n}`)
const total = names.length * locations.length

/** Milliseconds. Timers of rules are five times as fast as shipped; ranges within expressions are not. */
const patience = 300_000

/** What somebody got from Alertmanager. */
interface Message {
  readonly status: string
  readonly alertname: string
  readonly target: string
  readonly location: string
}

/**
 * Locations in network namespaces, each of which has one wire to what it watches, and another one to those who ask it. A long proof:
 * it takes some minutes, and root on Linux, because only root may make namespaces.
 */
describe.runIf(proveAll && canRun)('three locations that share a configuration', () => {
  let space: Namespaces
  let stack: ScaledStack
  let alertmanager: Alertmanager
  let folder: string
  const messages: Message[] = []
  const now = (): number => Date.now() / 1000
  const ask = async (name: string, promql: string, time = now()): Promise<readonly Series[]> =>
    (await prometheusApi(stack.url[name]!).query(promql, time)).series
  const count = async (name: string, promql: string): Promise<number> =>
    Number((await ask(name, `count(${promql})`))[0]?.values[0]?.[1] ?? 0)
  const until = (what: string, isSo: () => boolean | Promise<boolean>): Promise<unknown> =>
    waitFor(what, isSo, patience)
  const firing = (alertname: string, more = ''): string =>
    `ALERTS{alertname="${alertname}",alertstate="firing"${more}}`
  const got = (alertname: string, status: string): Message[] =>
    messages.filter((one) => one.alertname === alertname && one.status === status)
  const isShop8 = ({ target }: Message): boolean => target === 'shop-8'
  const failing = (name: string): string => join(folder, 'failing', name)

  beforeAll(async () => {
    folder = await tempFolder()
    await mkdir(join(folder, 'failing'))
    space = await openNamespaces({ places: locations.length, failing: join(folder, 'failing') })
    const people = await startHttpPeer(({ body }) => {
      const { alerts } = JSON.parse(body) as {
        alerts: { status: string; labels: Record<string, string> }[]
      }
      for (const { status, labels } of alerts)
        messages.push({
          status,
          alertname: labels['alertname'] ?? '',
          target: labels['target'] ?? '',
          location: labels['location'] ?? '',
        })
      return { status: 200 }
    })
    const tokenFile = join(folder, 'token')
    await writeFile(tokenFile, 'secret')
    const ports = await freePorts(['alertmanager'])
    alertmanager = await startAlertmanager(alertmanagers[0]!, {
      folder: join(folder, 'alertmanager'),
      port: ports.alertmanager,
      speedUp: 5,
      replace: {
        'http://notifier:9741': people.url,
        '/etc/probity/secrets/notifier-token': tokenFile,
      },
    })
    // Each has an address of its own: what cannot be reached is counted by addresses.
    const targets = names.map((name, n) => ({ name, url: space.urlOf(n + 1, `/${name}`) }))
    const configFile = join(folder, 'targets.yml')
    await writeFile(
      configFile,
      JSON.stringify({
        defaults: { interval: '10s', timeout: '2s', expect: { max_latency: 'off' } },
        targets,
      }),
    )
    stack = await startScaledStack({
      ...{ folder, configFile, locations, shards: 2, speedUp: 5, victoriaMetrics },
      prometheus: prometheuses[0]!,
      places: space.places,
      alertmanager: `127.0.0.1:${ports.alertmanager}`,
    })
  }, patience)

  afterAll(async () => {
    await stack.stop()
    await alertmanager.stop()
    await space.stop()
  })

  it(
    'each target is probed by exactly one shard at each location, and totals are equal',
    async () => {
      const shares = (): Promise<string[][]> =>
        Promise.all(
          ['agent-0', 'agent-1'].map(async (agent) => {
            const response = await fetch(`${stack.url[agent] ?? ''}/api/v1/targets`)
            const { data } = (await response.json()) as {
              data: { activeTargets: { labels: { target: string; location: string } }[] }
            }
            return data.activeTargets.map(({ labels }) => `${labels.target} ${labels.location}`)
          }),
        )
      const all = names.flatMap((name) => locations.map((location) => `${name} ${location}`)).sort()
      await until('all targets', async () => (await shares()).flat().length >= total)
      expect((await shares()).flat().sort()).toEqual(all)
      for (const program of ['victoria-metrics', 'ruler']) {
        await until(
          `all results in ${program}`,
          async () => (await count(program, 'probe_success == 1')) === total,
        )
        expect(await count(program, 'count by (target, location) (probe_success) > 1')).toBe(0)
        expect(
          (await ask(program, 'count by (location) (probe_success)')).map(({ values }) => values[0]?.[1]),
        ).toEqual(locations.map(() => String(names.length)))
      }
      expect(await count('ruler', '{__name__=~"api_call.+", job="probity"}')).toBeGreaterThan(0)
      expect(await count('ruler', '{__name__=~"api_call.+", location!=""}')).toBe(0)
      await until('verdicts', async () => (await count('ruler', 'probe:state == 2')) === total)
    },
    patience,
  )

  it(
    'a target that fails everywhere is reported, so that silence means something',
    async () => {
      await writeFile(failing('shop-7'), '')
      await until('TargetDown', async () => (await count('ruler', firing('TargetDown'))) === locations.length)
      await until('its message', () => got('TargetDown', 'firing').length > 0)
      await rm(failing('shop-7'))
      await until('its end', async () => (await count('ruler', firing('TargetDown'))) === 0)
      const ended = (): Set<string> => new Set(got('TargetDown', 'resolved').map(({ location }) => location))
      await until('its message', () => ended().size === locations.length)
    },
    patience,
  )

  it(
    'one location that is cut off raises ProberNetworkDown, and TargetDown of none of its targets',
    async () => {
      const from = now()
      const before = messages.length
      await space.places[1]!.cut()
      await until(
        'all its checks to fail',
        async () => (await count('ruler', 'probe_success{location="virginia"} == 0')) === names.length,
      )
      await until(
        'ProberNetworkDown',
        async () => (await count('ruler', firing('ProberNetworkDown', ',location="virginia"'))) === 1,
      )
      await until('its message', () => got('ProberNetworkDown', 'firing').length === 1)
      // Long after each of the 200 would have been reported by itself.
      const cutFor = (): number => now() - from
      await until('three minutes', () => cutFor() > 180)
      expect(await count('ruler', 'probe:down{location="virginia"} == 1')).toBe(names.length)
      await space.places[1]!.mend()
      await until('its end', async () => (await count('ruler', firing('ProberNetworkDown'))) === 0)
      await until('all results', async () => (await count('ruler', 'probe_success == 1')) === total)
      const down = messages.slice(before).filter(({ alertname }) => alertname === 'TargetDown')
      expect(down).toEqual([])
      expect(got('ProberNetworkDown', 'firing').map(({ location }) => location)).toEqual(['virginia'])
      const range = `[${Math.ceil(now() - from)}s]`
      expect(await count('ruler', `max_over_time(${firing('TargetDown')}${range})`)).toBe(0)
    },
    patience * 2,
  )

  it(
    'a shard that is killed is reported, and its targets are checked again once it runs',
    async () => {
      await stack.program('agent-0').stop('SIGKILL')
      await until('AgentDown', async () => (await count('ruler', firing('AgentDown'))) === 1)
      await until('its message', () => got('AgentDown', 'firing').length > 0)
      expect(await count('ruler', firing('TargetDown'))).toBe(0)
      await stack.start('agent-0')
      await until('its end', async () => (await count('ruler', firing('AgentDown'))) === 0)
      await until('all results', async () => (await count('ruler', 'probe_success == 1')) === total)
    },
    patience,
  )

  it(
    'an exporter that is killed is reported, and the other locations go on',
    async () => {
      await stack.program('exporter-2').stop('SIGKILL')
      const here = firing('ExporterDown', ',location="sydney"')
      await until('ExporterDown', async () => (await count('ruler', here)) === 1)
      await until('its message', () => got('ExporterDown', 'firing').length > 0)
      // A target of another location is still reported.
      await writeFile(failing('shop-8'), '')
      await until('TargetDown', async () => (await count('ruler', firing('TargetDown'))) === 2)
      const from = (): Set<string> =>
        new Set(
          got('TargetDown', 'firing')
            .filter(isShop8)
            .map(({ location }) => location),
        )
      await until('its messages', () => from().size === 2)
      await rm(failing('shop-8'))
      await until('its end', async () => (await count('ruler', firing('TargetDown'))) === 0)
      await until(
        'TargetScrapeFailing',
        async () => (await count('ruler', firing('TargetScrapeFailing'))) === 200,
      )
      const others = 'probe_success{location!="sydney"} == 1'
      await until('their results', async () => (await count('ruler', others)) === names.length * 2)
      await stack.start('exporter-2')
      await until('its end', async () => (await count('ruler', firing('ExporterDown'))) === 0)
      await until(
        'all results',
        async () => (await count('victoria-metrics', 'probe_success == 1')) === total,
      )
      // ExporterDown explains them, until each target was scraped again.
      expect(got('TargetScrapeFailing', 'firing').filter(({ location }) => location === 'sydney')).toEqual([])
    },
    patience * 2,
  )
})

if (!canRun)
  describe('three locations that share a configuration', () => {
    it.skip(`needs root on Linux, and ${tools.join(', ')}; missing: ${missing.join(', ') || 'root'}`, () =>
      undefined)
  })
