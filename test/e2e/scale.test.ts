import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startScaledStack, type ScaledStack } from '../../scripts/stack/scaled-stack.ts'
import { nameOf, rulesFiles, rulesOf } from '../prometheus/shipped.ts'
import { interpolate, promDashboards, queriesOf } from '../support/grafana.ts'
import { findTool } from '../support/programs/find-tool.ts'
import { prometheusApi, type Series } from '../support/programs/prometheus-api.ts'
import { prometheuses } from '../support/programs/prometheus.ts'
import { proveAll } from '../support/proof.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'

const victoriaMetrics = process.env.PROBITY_VICTORIA_METRICS ?? 'victoria-metrics'

/** What a user of the dashboards has chosen. */
const chosen = new Map([
  ['datasource', 'prometheus'],
  ['target', 'shop-1'],
  ['vendor', '.*'],
  ['team', '.*'],
  ['location', '.*'],
  ['shown', '(shop-1|shop-2)'],
  ['rows', '20'],
  ['__interval', '1m'],
  ['__rate_interval', '2m'],
  ['__range', '6h'],
])

const locations = ['frankfurt', 'virginia']
const names = Array.from({ length: 30 }, (_, n) => `shop-${n}`)

/** What deploy/scale describes, on real programs, with rules that are evaluated every 3 seconds. A long proof: it takes two minutes. */
describe.runIf(proveAll && findTool(victoriaMetrics) !== undefined).each(prometheuses)(
  'probes shared among agents, on %s',
  (prometheus) => {
    let shop: Server
    let stack: ScaledStack
    const failing = new Set<string>()
    const at = (name: string) => prometheusApi(stack.url[name]!)
    const now = (): number => Date.now() / 1000
    const ask = async (name: string, promql: string): Promise<readonly Series[]> =>
      (await at(name).query(promql, now())).series
    const count = async (name: string, promql: string): Promise<number> =>
      Number((await ask(name, `count(${promql})`))[0]?.values[0]?.[1] ?? 0)

    beforeAll(async () => {
      shop = createServer(({ url = '' }, response) => {
        response.writeHead(failing.has(url.slice(1)) ? 500 : 200).end()
      }).listen(0, '127.0.0.1')
      await once(shop, 'listening')
      const { port } = shop.address() as AddressInfo
      const folder = await tempFolder()
      const configFile = join(folder, 'targets.yml')
      const targets = names.map((name) => ({ name, url: `http://127.0.0.1:${port}/${name}` }))
      await writeFile(
        configFile,
        JSON.stringify({ defaults: { interval: '2s', timeout: '1500ms' }, targets }),
      )
      stack = await startScaledStack({
        ...{ folder, configFile, locations, shards: 2, speedUp: 5, prometheus, victoriaMetrics },
      })
    })

    afterAll(async () => {
      await stack.stop()
      shop.closeAllConnections()
      shop.close()
    })

    it('each target is probed by exactly one of them, at each location', async () => {
      const shares = async (): Promise<string[][]> =>
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
      await waitFor('all targets', async () => (await shares()).flat().length >= all.length)
      const [first = [], second = []] = await shares()
      expect([...first, ...second].sort()).toEqual(all)
      for (const share of [first, second]) {
        expect(share.length).toBeGreaterThan(all.length / 4)
        // Of each target, one agent has all locations: rules that compare these get them from one place.
        const ofShare = new Set(share.map((one) => one.split(' ')[0]))
        expect(share).toHaveLength(ofShare.size * locations.length)
      }
    })

    it('their results are in VictoriaMetrics once, and rules judge them', async () => {
      await waitFor('results', async () => (await count('victoria-metrics', 'probe_success == 1')) === 60)
      expect(await count('victoria-metrics', 'count by (target, location) (probe_success) > 1')).toBe(0)
      await waitFor('verdicts', async () => (await count('victoria-metrics', 'probe:state == 2')) === 60)
      failing.add('shop-1')
      const down = 'ALERTS{alertname="TargetDown",alertstate="firing"}'
      await waitFor('TargetDown', async () => (await count('ruler', down)) === 2)
      await waitFor('TargetDown, stored', async () => (await count('victoria-metrics', down)) === 2)
      expect(await count('victoria-metrics', 'probe:down == 1')).toBe(2)
      failing.delete('shop-1')
      await waitFor('its end', async () => (await count('ruler', down)) === 0)
    })

    it('VictoriaMetrics answers what rules and dashboards ask', async () => {
      const expressions = [
        ...rulesFiles.flatMap(rulesOf).map((rule) => ({ name: nameOf(rule), expr: rule.expr })),
        ...promDashboards.flatMap((dashboard) =>
          queriesOf(dashboard).map(({ panel, expr }) => ({
            name: `${dashboard.title}, ${panel.title}`,
            expr: interpolate(expr, chosen),
          })),
        ),
      ]
      expect(expressions.length).toBeGreaterThan(100)
      const refused: string[] = []
      for (const { name, expr } of expressions)
        await at('victoria-metrics')
          .query(expr, now() - 10)
          .catch((error: unknown) => refused.push(`${name}: ${String(error)}`))
      expect(refused).toEqual([])
    })

    it('what is recorded is the same in both', async () => {
      // A location that both lack would not be missed.
      const judged = async (): Promise<number> =>
        (await at('ruler').query('probe:state', now() - 15)).series.length
      await waitFor('all targets at all locations', async () => (await judged()) === 60)
      const recorded = rulesFiles.flatMap(rulesOf).flatMap(({ record }) => record ?? [])
      const time = Math.floor(now()) - 15
      // VictoriaMetrics keeps 14 digits.
      const rounded = (value = ''): string => Number(value).toPrecision(12)
      const shown = (series: readonly Series[]): string[] =>
        series
          .map(({ metric, values }) =>
            JSON.stringify([Object.entries(metric).sort(), rounded(values[0]?.[1])]),
          )
          .sort()
      let compared = 0
      for (const name of new Set(recorded)) {
        const [one, other] = await Promise.all(
          ['ruler', 'victoria-metrics'].map(async (program) => (await at(program).query(name, time)).series),
        )
        expect(shown(other ?? []), name).toEqual(shown(one ?? []))
        compared += one?.length ?? 0
      }
      expect(compared).toBeGreaterThan(500)
    })

    it('an agent that dies is noticed, and its targets are checked again once it runs', async () => {
      await stack.program('agent-0').stop('SIGKILL')
      const alert = 'ALERTS{alertname="AgentDown",alertstate="firing"}'
      await waitFor('AgentDown', async () => (await count('ruler', alert)) === 1)
      await stack.start('agent-0')
      await waitFor('its end', async () => (await count('ruler', alert)) === 0)
      await waitFor('results', async () => (await count('ruler', 'probe_success offset -1s')) === 60)
    })
  },
)
