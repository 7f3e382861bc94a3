import { createServer, request, type IncomingMessage, type Server } from 'node:http'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pino } from 'pino'
import { startExporter } from '../../src/app/exporter/exporter.ts'
import type { Exporter } from '../../src/app/exporter/running.ts'
import type { ExporterOptions } from '../../src/app/start-options.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'

let file: string
let peer: Server
let hits: string[]
let answer: (url: string) => { status?: number; afterMs?: number }
let exporter: Exporter | undefined

beforeEach(async () => {
  file = join(await tempFolder(), 'targets.yml')
  hits = []
  answer = () => ({})
  peer = createServer((request, response) => {
    hits.push(request.url ?? '')
    const { status = 200, afterMs = 0 } = answer(request.url ?? '')
    setTimeout(() => response.writeHead(status).end('a body nobody may see'), afterMs)
  }).listen(0, '127.0.0.1')
  await once(peer, 'listening')
})

afterEach(async () => {
  await exporter?.stop()
  exporter = undefined
  peer.close()
  peer.closeAllConnections()
})

const peerUrl = (path = '/') => `http://127.0.0.1:${(peer.address() as AddressInfo).port}${path}`

async function start(config: string, options: Partial<ExporterOptions> = {}): Promise<string> {
  await writeFile(file, config)
  exporter = await startExporter(
    { configFile: file, listenAddress: { host: '127.0.0.1', port: 0 }, ...options },
    { log: pino({ level: 'silent' }), env: { TOKEN: 'token-98765' } },
  )
  return exporter.url
}

async function get(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  const response = await fetch(url, { headers })
  return { status: response.status, text: await response.text() }
}

const value = (text: string, series: string): number | undefined => {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `))
  return line === undefined ? undefined : Number(line.split(' ').at(-1))
}

describe('/probe', () => {
  const oneTarget = () => `targets: [{ name: shop, url: "${peerUrl()}", expect: { max_latency: 300ms } }]`

  it('answers with one probe of a configured target', async () => {
    const url = await start(oneTarget())
    const response = await fetch(`${url}/probe?target=shop`)
    const text = await response.text()
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(value(text, 'probe_success')).toBe(1)
    expect(value(text, 'probe_http_status_code')).toBe(200)
    expect(value(text, 'probe_target_max_latency_seconds')).toBe(0.3)
    expect(value(text, 'probe_timeout_seconds')).toBe(10)
  })

  it.each(['target=shop', 'target=shop&debug=true', 'target=unknown', 'target=a&target=b', 'target='])(
    'answers ?%s alike, by the short way and by the one of all pages',
    async (query) => {
      const url = await start(oneTarget(), { externalUrl: new URL('http://monitor.test/probity') })
      await fetch(`${url}/probe?target=shop`)
      const seen = async (path: string): Promise<unknown> => {
        const response = await fetch(`${url}${path}?${query}`)
        const headers = [...response.headers].filter(([name]) => name !== 'date')
        return { status: response.status, headers, text: await response.text() }
      }
      const common = await seen('/PROBE')
      expect(common).toHaveProperty(
        'headers',
        expect.arrayContaining([['x-content-type-options', 'nosniff']]),
      )
      expect(await seen('/probe')).toEqual(common)
      expect(await seen('/probity/probe')).toEqual(common)
      expect(await seen('/probity/Probe/')).toEqual(common)
    },
  )

  it('leaves half a second of the scrape timeout for the answer', async () => {
    const url = await start(oneTarget())
    const { text } = await get(`${url}/probe?target=shop`, { 'X-Prometheus-Scrape-Timeout-Seconds': '3' })
    expect(value(text, 'probe_timeout_seconds')).toBe(2.5)
  })

  it('answers 200 when the probe failed, with the reason', async () => {
    answer = () => ({ status: 503 })
    const url = await start(oneTarget())
    const { status, text } = await get(`${url}/probe?target=shop`)
    expect(status).toBe(200)
    expect(value(text, 'probe_success')).toBe(0)
    expect(value(text, 'probe_failure_info{reason="status"}')).toBe(1)
  })

  it('serves a fresh result again, no matter who asks', async () => {
    const url = await start(oneTarget())
    const [first, second] = await Promise.all([
      get(`${url}/probe?target=shop`),
      get(`${url}/probe?target=shop`),
    ])
    const third = await get(`${url}/probe?target=shop`)
    expect([second.text, third.text]).toEqual([first.text, first.text])
    expect(hits).toEqual(['/'])
  })

  it.each([
    { query: '', status: 400, line: 'no target: ask for /probe?target=NAME' },
    { query: '?target=', status: 400, line: 'no target: ask for /probe?target=NAME' },
    {
      query: '?target=shpo',
      status: 404,
      line: 'unknown target "shpo": add it to the targets of the configuration, or allow its URL under probe.allow',
    },
    {
      query: '?target=http://user:pass@127.0.0.1/?key=1',
      status: 404,
      line: 'unknown target "http://127.0.0.1/": add it to the targets of the configuration, or allow its URL under probe.allow',
    },
    {
      query: '?target=shop&module=http_2xx',
      status: 400,
      line: 'target "shop" is configured, with its own expectations: leave out module=http_2xx',
    },
    {
      query: '?target=a&target=b',
      status: 400,
      line: 'parameter "target" is given more than once: expected one value',
    },
    {
      query: '?target=%1b[31m%00%0d%0aSet-Cookie:%20a',
      status: 404,
      line: 'unknown target " [31m Set-Cookie: a": add it to the targets of the configuration, or allow its URL under probe.allow',
    },
  ])('answers $status to "$query"', async ({ query, status, line }) => {
    const url = await start(oneTarget())
    expect(await get(`${url}/probe${query}`)).toEqual({ status, text: `${line}\n` })
    expect(hits).toEqual([])
  })

  it('answers 400 to a timeout header that is not a number', async () => {
    const url = await start(oneTarget())
    const headers = { 'X-Prometheus-Scrape-Timeout-Seconds': 'soon' }
    const line = 'X-Prometheus-Scrape-Timeout-Seconds is "soon": expected a positive number of seconds\n'
    expect(await get(`${url}/probe?target=shop`, headers)).toEqual({ status: 400, text: line })
  })

  it('shows with debug=true what was done and what is in force, and no secret and no body', async () => {
    const url = await start(`
targets:
  - name: shop
    url: "${peerUrl()}"
    auth: { bearer: "\${TOKEN}" }
    headers: { Cookie: session-4711 }
`)
    const { text } = await get(`${url}/probe?target=shop&debug=true`)
    expect(text).toMatch(
      /# Log of the probe of shop[^]*# Metrics[^]*probe_success 1[^]*# Configuration in effect/,
    )
    expect(text).toContain('${TOKEN}')
    expect(text).not.toMatch(/token-98765|session-4711|a body nobody may see/)
  })
})

describe('/probe of a URL that is not configured', () => {
  const config = (networks: string) => `
probe: { allow: ["http://127\\\\.0\\\\.0\\\\.1:.*", "http://localhost:.*"], allow_networks: [${networks}] }
modules: { teapot: { expect: { status: [418] } } }
targets: ["${peerUrl('/configured')}"]
`

  it('probes what probe.allow covers, with a module where one is named', async () => {
    answer = () => ({ status: 418 })
    const url = await start(config('127.0.0.0/8'))
    const target = encodeURIComponent(peerUrl('/pot?color=brown'))
    expect(value((await get(`${url}/probe?target=${target}&module=teapot`)).text, 'probe_success')).toBe(1)
    expect(hits).toEqual(['/pot?color=brown'])
  })

  it('refuses other URLs', async () => {
    const url = await start(config('127.0.0.0/8'))
    expect(await get(`${url}/probe?target=http://example.com/`)).toEqual({
      status: 403,
      text: 'target "http://example.com/" matches no pattern of probe.allow\n',
    })
  })

  it('says which module it does not know', async () => {
    const url = await start(config('127.0.0.0/8'))
    const { status, text } = await get(`${url}/probe?target=${peerUrl()}&module=kettle`)
    expect(status).toBe(400)
    expect(text).toMatch(/^[^\n]*kettle[^\n]*teapot[^\n]*\n$/)
  })

  it.each(['127.0.0.1', 'localhost'])('does not reach %s unless its network is listed', async (host) => {
    const url = await start(config('10.0.0.0/8'))
    const target = peerUrl().replace('127.0.0.1', host)
    const { status, text } = await get(`${url}/probe?target=${target}`)
    expect(status).toBe(200)
    expect(value(text, 'probe_failure_info{reason="blocked"}')).toBe(1)
    expect(hits).toEqual([])
  })
})

describe('/sd', () => {
  it.each(['[', 'a b', 'shop.example.com/path', 'user@shop.example.com', 'shop:99999'])(
    'answers 400 to the Host "%s"',
    async (host) => {
      const url = new URL(await start(`targets: ["${peerUrl()}"]`))
      const asked = request({ port: url.port, host: url.hostname, path: '/sd', headers: { host } }).end()
      const [response] = (await once(asked, 'response')) as [IncomingMessage]
      const text = (await response.toArray()).join('')
      expect([response.statusCode, text]).toEqual([400, `Host is "${host}": expected a host, or host:port\n`])
    },
  )

  it('lists the targets so that prometheus.yml needs no relabelling', async () => {
    const url = await start(
      `
targets:
  - { name: "a & b", url: "http://user:pass@example.com:8080/x?key=1#y", interval: 5m, timeout: 20s, labels: { vendor: v } }
  - https://example.com
`,
      { location: 'berlin' },
    )
    const { host } = new URL(url)
    expect(JSON.parse((await get(`${url}/sd`)).text)).toEqual([
      {
        targets: [host],
        labels: {
          vendor: 'v',
          target: 'a & b',
          instance: 'http://example.com:8080/x',
          severity: 'critical',
          location: 'berlin',
          __scheme__: 'http',
          __metrics_path__: '/probe',
          __param_target: 'a & b',
          __scrape_interval__: '60000ms',
          __scrape_timeout__: '21000ms',
        },
      },
      {
        targets: [host],
        labels: {
          target: 'https://example.com',
          instance: 'https://example.com/',
          severity: 'critical',
          location: 'berlin',
          __scheme__: 'http',
          __metrics_path__: '/probe',
          __param_target: 'https://example.com',
          __scrape_interval__: '30000ms',
          __scrape_timeout__: '11000ms',
        },
      },
    ])
  })

  it('points to --web.external-url, below whose path the exporter answers too', async () => {
    const url = await start(`targets: ["${peerUrl()}"]`, {
      externalUrl: new URL('https://mon.example.com/probity/'),
    })
    const [group] = JSON.parse((await get(`${url}/probity/sd`)).text) as {
      targets: string[]
      labels: object
    }[]
    expect(group?.targets).toEqual(['mon.example.com:443'])
    expect(group?.labels).toMatchObject({ __scheme__: 'https', __metrics_path__: '/probity/probe' })
    expect((await get(`${url}/probity/probe?target=${peerUrl()}`)).status).toBe(200)
  })
})

/** Sends what `fetch` would not: a browser sets these headers itself. */
async function post(url: string, headers: Record<string, string>): Promise<number | undefined> {
  const sent = request(url, { method: 'POST', headers }).end()
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  answer.resume()
  return answer.statusCode
}

describe('/metrics, health and reload', () => {
  it('says what is configured, whether the last reload worked, and what was probed', async () => {
    const url = await start(`
targets:
  - { name: a, url: "${peerUrl()}", runbook: "https://wiki/a", labels: { vendor: v } }
  - { name: b, url: "${peerUrl('/b')}", labels: { team: t } }
`)
    await get(`${url}/probe?target=a`)
    const { text } = await get(`${url}/metrics`)
    expect(
      value(text, 'probity_target_info{vendor="v",target="a",kind="http",runbook="https://wiki/a"}'),
    ).toBe(1)
    expect(value(text, 'probity_target_info{team="t",target="b",kind="http"}')).toBe(1)
    expect(value(text, 'probity_config_last_reload_successful')).toBe(1)
    expect(value(text, 'probity_probes_total{kind="http",outcome="success"}')).toBe(1)
    expect(value(text, 'probity_probes_in_flight')).toBe(0)
    expect(text).toMatch(/^probity_event_loop_lag_seconds [0-9.e-]+$/m)
    expect(text).toMatch(/^probity_build_info\{version="[^"]+",node_version="[^"]+"\} 1$/m)
  })

  it('swaps to a valid edit, and keeps the old configuration over an invalid one', async () => {
    const url = await start(`targets: [{ name: a, url: "${peerUrl()}" }]`, { lifecycle: true })
    const reload = () => fetch(`${url}/-/reload`, { method: 'POST' })
    await writeFile(file, `targets: [{ name: b, url: "${peerUrl()}", tmieout: 1s }]`)
    const rejected = await reload()
    expect(rejected.status).toBe(500)
    expect(await rejected.text()).toMatch(
      /targets\.yml:1:\d+ targets\[0\]\.tmieout: unknown key \(did you mean timeout\?\)/,
    )
    expect((await get(`${url}/probe?target=a`)).status).toBe(200)
    expect(value((await get(`${url}/metrics`)).text, 'probity_config_last_reload_successful')).toBe(0)
    await writeFile(file, `targets: [{ name: b, url: "${peerUrl()}" }]`)
    expect((await reload()).status).toBe(200)
    expect((await get(`${url}/probe?target=a`)).status).toBe(404)
    const { text } = await get(`${url}/metrics`)
    expect(value(text, 'probity_config_last_reload_successful')).toBe(1)
    expect(text).not.toContain('target="a"')
  })

  it('does not reload over HTTP unless it was started so, and never on a GET', async () => {
    const url = await start(`targets: ["${peerUrl()}"]`)
    expect((await fetch(`${url}/-/reload`, { method: 'POST' })).status).toBe(403)
    await exporter?.stop()
    const open = await start(`targets: ["${peerUrl()}"]`, { lifecycle: true })
    expect((await get(`${open}/-/reload`)).status).toBe(405)
  })

  it.each([
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site', Origin: 'http://other.example.com' },
    { Origin: 'http://evil.example' },
    { Origin: 'null' },
  ])('lets no page of another site reload or report calls: %j', async (headers) => {
    const url = await start(`targets: ["${peerUrl()}"]`, { lifecycle: true })
    for (const path of ['/-/reload', '/api/v1/calls', '/v1/traces'])
      expect(await post(`${url}${path}`, headers)).toBe(403)
  })

  it('lets programs and its own pages do so', async () => {
    const url = await start(`targets: ["${peerUrl()}"]`, { lifecycle: true })
    for (const headers of [{}, { Origin: url }, { 'Sec-Fetch-Site': 'same-origin', Origin: url }])
      expect(await post(`${url}/-/reload`, headers)).toBe(200)
  })

  it('is healthy and ready', async () => {
    const url = await start(`targets: ["${peerUrl()}"]`)
    expect((await get(`${url}/-/healthy`)).status).toBe(200)
    expect((await get(`${url}/-/ready`)).status).toBe(200)
  })

  it('answers an unknown path with one line', async () => {
    const url = await start(`targets: ["${peerUrl()}"]`)
    expect(await get(`${url}/nowhere`)).toEqual({ status: 404, text: 'no page at /nowhere\n' })
    expect((await get(`${url}/%zz`)).text).toMatch(/^[^\n]+\n$/)
  })
})

describe('stopping', () => {
  it('finishes the probes in flight', async () => {
    answer = () => ({ afterMs: 200 })
    const url = await start(`targets: [{ name: a, url: "${peerUrl()}" }]`)
    const inFlight = get(`${url}/probe?target=a`)
    await waitFor('the request to arrive', () => hits.length === 1)
    await exporter?.stop()
    expect(value((await inFlight).text, 'probe_success')).toBe(1)
  })

  it('refuses to start on an invalid configuration, with its place', async () => {
    await expect(start('targets: [{ name: a }]')).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })
})
