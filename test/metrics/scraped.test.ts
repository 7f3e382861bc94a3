import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { freePorts, startProgram, untilReady } from '../../scripts/stack/process.ts'
import { startService } from '../access/support/services.ts'
import { atEnd } from '../support/at-end.ts'
import { prometheuses } from '../support/programs/prometheus.ts'
import { prometheusApi } from '../support/programs/prometheus-api.ts'
import { describeWithTool } from '../support/programs/tools.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'
import { reportSpan, traceId } from './support/span.ts'

/** What a scrape of one target was like. */
interface Scraped {
  readonly data: {
    readonly activeTargets: readonly { readonly health: string; readonly lastError: string }[]
  }
}

interface Exemplars {
  readonly data: readonly {
    readonly seriesLabels: Record<string, string>
    readonly exemplars: readonly { readonly labels: object; readonly value: string }[]
  }[]
}

for (const program of prometheuses)
  describeWithTool([program], `the metrics, scraped by ${program}`, () => {
    it('are taken as OpenMetrics, with the trace of a call as an exemplar', async () => {
      const service = await startService('exporter', {})
      atEnd(() => service.stop())
      await reportSpan(service.url)
      const { host } = new URL(service.url)
      const folder = await tempFolder()
      const { port } = await freePorts(['port'])
      const url = `http://127.0.0.1:${port}`
      const config = {
        global: { scrape_interval: '1s' },
        scrape_configs: [
          { job_name: 'itself', static_configs: [{ targets: [host] }] },
          {
            job_name: 'probe',
            metrics_path: '/probe',
            params: { target: ['open'] },
            static_configs: [{ targets: [host] }],
          },
        ],
      }
      await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config))
      const prometheus = startProgram('prometheus', program, [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--enable-feature=exemplar-storage',
      ])
      atEnd(() => prometheus.stop())
      await untilReady(prometheus, `${url}/-/ready`)
      const api = prometheusApi(url)
      const get = async <T>(path: string): Promise<T> =>
        (await (await fetch(`${url}/api/v1/${path}`)).json()) as T
      await waitFor('scrapes of both', async () => {
        const { series } = await api.query('up == 1', Date.now() / 1000)
        return series.length === 2
      })
      const { data } = await get<Scraped>('targets?state=active')
      expect(data.activeTargets.map(({ health, lastError }) => `${health} ${lastError}`)).toEqual([
        'up ',
        'up ',
      ])
      // In the text format, it would be the metadata of probity_probes_total.
      expect(await get('metadata?metric=probity_probes')).toMatchObject({
        data: { probity_probes: [{ type: 'counter' }] },
      })
      // The first scrape of /metrics may come before the first probe.
      await waitFor('a probe that is counted', async () => {
        const { series } = await api.query('probity_probes_total{outcome="success"}', Date.now() / 1000)
        return series.length === 1
      })
      const range = `start=${Date.now() / 1000 - 600}&end=${Date.now() / 1000 + 600}`
      const kept = await waitFor('an exemplar', async () => {
        const found = await get<Exemplars>(`query_exemplars?query=api_call_duration_seconds_bucket&${range}`)
        return found.data.length > 0 ? found.data : undefined
      })
      expect(kept).toMatchObject([
        {
          seriesLabels: { target: 'pay', outcome: 'error', le: '0.15' },
          exemplars: [{ labels: { trace_id: traceId }, value: '0.15' }],
        },
      ])
    })
  })
