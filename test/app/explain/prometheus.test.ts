import express from 'express'
import { afterEach, expect, it } from 'vitest'
import { explainTarget } from '../../../src/app/explain/explain.ts'
import { asText } from '../../../src/app/explain/formats.ts'
import { prometheusChecks } from '../../../src/app/explain/prometheus.ts'
import { listenHttp, type Listening } from '../../../src/lib/http/listen.ts'
import { aConfig, aTarget } from '../../support/target.ts'

const at = 1_790_000_040
const target = aTarget({ name: 'a.b', interval: 60, alertAfter: 300 })

let server: Listening | undefined

afterEach(() => server?.stop())

/** A Prometheus that has scraped twenty checks of a target, each four times. Those of the last two minutes failed. */
async function prometheus(asked: string[]): Promise<string> {
  const scrapes = Array.from({ length: 80 }, (_, index) => at - 1200 + index * 15)
  const checkAt = (scrape: number): number => at - 1200 + Math.floor((scrape - at + 1200) / 60) * 60
  const failed = (scrape: number): boolean => checkAt(scrape) >= at - 120
  const metric = { target: 'a.b', location: 'paris' }
  const values = (of: (scrape: number) => number, only: (scrape: number) => boolean = () => true) =>
    scrapes.filter(only).map((scrape) => [scrape, String(of(scrape))])
  const series: Readonly<Record<string, object[]>> = {
    probe_check_timestamp_seconds: [{ metric, values: values(checkAt) }],
    probe_success: [{ metric, values: values((scrape) => Number(!failed(scrape))) }],
    probe_duration_seconds: [{ metric, values: values(() => 0.25) }],
    probe_failure_info: [{ metric: { ...metric, reason: 'status' }, values: values(() => 1, failed) }],
    probe_ssl_earliest_cert_expiry: [{ metric, values: values(() => at + 3 * 3600) }],
    ALERTS: [
      {
        metric: { ...metric, alertname: 'CertificateExpiring', severity: 'critical', alertstate: 'firing' },
        value: [at, '1'],
      },
    ],
  }
  const app = express()
    .use(express.urlencoded({ extended: false }))
    .post('/prom/api/v1/query', (request, response) => {
      const { query = '', time = '' } = request.body as { query?: string; time?: string }
      asked.push(`${query} at ${time}`)
      response.json({ data: { result: series[/^\w+/.exec(query)?.[0] ?? ''] ?? [] } })
    })
    .post('/bad/api/v1/query', (_request, response) => {
      response.status(422).json({ error: 'query processing would load too many samples' })
    })
  server = await listenHttp(app, { host: '127.0.0.1', port: 0 })
  return server.url
}

const explain = (url: string) =>
  explainTarget({ config: aConfig([target]), target, at, horizon: 3600 }, prometheusChecks(url))

it('explains from the series that Prometheus has scraped, and adds what it says itself', async () => {
  const asked: string[] = []
  const [one, ...others] = await explain(`${await prometheus(asked)}/prom/`)
  expect(others).toEqual([])
  expect(one).toMatchObject({
    location: 'paris',
    checks: 20,
    newest: { at: at - 60, success: false, reason: 'status' },
  })
  const byName = (name: string) => one!.rules.find(({ alertname }) => alertname === name)
  expect(byName('TargetDown')).toMatchObject({
    state: 'quiet',
    prometheus: 'inactive',
    beginsAt: at + 120.25,
  })
  expect(one!.rules.at(-1)).toMatchObject({
    alertname: 'CertificateExpiring',
    state: 'firing',
    prometheus: 'firing',
  })
  expect(asked).toContain(`probe_success{target=~"a\\\\.b"}[259200s] at ${at}`)
  expect(asked).toContain(`ALERTS{target="a.b"} at ${at}`)
  expect(asText([one!], undefined)).toContain('Prometheus says: firing.')
})

it('reports what Prometheus answers', async () => {
  const url = await prometheus([])
  await expect(explain(`${url}/bad`)).rejects.toThrow(
    `cannot ask Prometheus at ${url}/bad: query processing would load too many samples; expected the address that its pages have`,
  )
})
