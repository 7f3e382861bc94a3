import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePorts, startProgram, untilReady, type Program } from '../../scripts/stack/process.ts'
import { createCertificate } from '../support/certificates.ts'
import { prometheusApi, type PrometheusApi } from '../support/programs/prometheus-api.ts'
import { describeWithTool } from '../support/programs/tools.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'
import { blackboxExporters } from '../support/programs/blackbox-exporter.ts'
import { startExporters, type Exporters } from './exporters.ts'

/**
 * What people have written for blackbox_exporter: the rules of awesome-prometheus-alerts (its section on blackbox) and of the
 * blackbox-exporter-mixin, without their selectors of a job.
 */
const expressions = [
  'probe_success == 0',
  'avg_over_time(probe_duration_seconds[1m]) > 1',
  'probe_http_status_code <= 199 or probe_http_status_code >= 400',
  'avg_over_time(probe_http_duration_seconds[1m]) > 1',
  'avg_over_time(probe_icmp_duration_seconds[1m]) > 1',
  '3 <= round((last_over_time(probe_ssl_earliest_cert_expiry[10m]) - time()) / 86400, 0.1) < 20',
  '0 <= round((last_over_time(probe_ssl_earliest_cert_expiry[10m]) - time()) / 86400, 0.1) < 3',
  'round((last_over_time(probe_ssl_earliest_cert_expiry[10m]) - time()) / 86400, 0.1) < 0',
  'probe_ssl_earliest_cert_expiry - time() < 21 * 24 * 3600',
  'avg_over_time(probe_success[30d]) * 100 < 99.9',
  'blackbox_exporter_config_last_reload_successful != 1',
] as const

/** Those that find nothing here: what they look for cannot be had of these servers. */
const findNothing = new Set<string>([expressions[4], expressions[7], expressions[10]])

const day = 86_400_000
const anHttp: object = { prober: 'http', http: { tls_config: { insecure_skip_verify: true } } }

for (const program of blackboxExporters)
  describeWithTool(
    [program, 'prometheus'],
    `the rules that others have for blackbox_exporter, on ${program}`,
    () => {
      const servers: Server[] = []
      let exporters: Exporters
      let prometheus: Program
      let api: PrometheusApi

      async function listen(server: Server): Promise<number> {
        servers.push(server.listen(0, '127.0.0.1'))
        await once(server, 'listening')
        return (server.address() as AddressInfo).port
      }

      const answering = (status: number, afterMs = 0): Promise<number> =>
        listen(createServer((_, response) => setTimeout(() => response.writeHead(status).end('ok'), afterMs)))

      const showing = (days: number): Promise<number> => {
        const notAfter = new Date(Date.now() + days * day)
        const shown = createCertificate({ name: 'a', ip: ['127.0.0.1'], notAfter })
        return listen(createHttpsServer(shown, (_, response) => response.end('ok')))
      }

      beforeAll(async () => {
        const folder = await tempFolder()
        exporters = await startExporters(program, folder, {
          http: anHttp,
          icmp: { prober: 'icmp' },
          tcp: { prober: 'tcp' },
        })
        const http = [
          ...(await Promise.all([answering(200), answering(404), answering(503), answering(200, 1100)])),
          // Where nobody listens.
          1,
        ].map((port) => `http://127.0.0.1:${port}/`)
        const https = (await Promise.all([2, 10, 60].map(showing))).map(
          (port) => `https://127.0.0.1:${port}/`,
        )
        const targets = { http: [...http, ...https], icmp: ['127.0.0.1'], tcp: ['127.0.0.1:1'] }
        const jobs = Object.entries(exporters.urls).flatMap(([who, url]) =>
          Object.entries(targets).map(([module, instances]) => ({
            job_name: `${who}-${module}`,
            metrics_path: '/probe',
            params: { module: [module] },
            static_configs: [{ targets: instances, labels: { who } }],
            relabel_configs: [
              { source_labels: ['__address__'], target_label: '__param_target' },
              { source_labels: ['__param_target'], target_label: 'instance' },
              { target_label: '__address__', replacement: new URL(url).host },
            ],
          })),
        )
        const self = Object.entries(exporters.urls).map(([who, url]) => ({
          job_name: `${who}-itself`,
          static_configs: [{ targets: [new URL(url).host], labels: { who, instance: 'itself' } }],
        }))
        const config = join(folder, 'prometheus.yml')
        await writeFile(
          config,
          JSON.stringify({ global: { scrape_interval: '4s' }, scrape_configs: [...jobs, ...self] }),
        )
        const { port } = await freePorts(['port'])
        const url = `http://127.0.0.1:${port}`
        prometheus = startProgram('prometheus', 'prometheus', [
          `--config.file=${config}`,
          `--storage.tsdb.path=${join(folder, 'data')}`,
          `--web.listen-address=127.0.0.1:${port}`,
        ])
        await untilReady(prometheus, `${url}/-/ready`)
        api = prometheusApi(url)
        const expected = 2 * Object.values(targets).flat().length
        await waitFor('everything was checked', async () => {
          const now = Date.now() / 1000
          const { series } = await api.query('count_over_time(probe_success[1m]) > 1', now)
          const { series: itself } = await api.query('up{instance="itself"} == 1', now)
          return series.length === expected && itself.length === 2
        })
      })

      afterAll(async () => {
        await prometheus.stop()
        await exporters.stop()
        for (const server of servers) server.close()
      })

      it.each(expressions)('%s', async (expression) => {
        const { series } = await api.query(expression, Date.now() / 1000)
        const found = (who: string): string[] =>
          series
            .filter(({ metric }) => metric.who === who)
            .map(({ metric }) => JSON.stringify(Object.entries(metric).sort()).replaceAll(`"${who}`, '"one'))
            .sort()
        expect(found('ours')).toEqual(found('theirs'))
        expect(found('theirs').length > 0).toBe(!findNothing.has(expression))
      })

      it('find the same of the exporter itself', async () => {
        const { series } = await api.query(
          'blackbox_exporter_config_last_reload_successful',
          Date.now() / 1000,
        )
        expect(series.map(({ metric }) => metric.who).sort()).toEqual(['ours', 'theirs'])
      })
    },
  )
