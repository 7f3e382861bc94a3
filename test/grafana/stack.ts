import { once } from 'node:events'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import { join } from 'node:path'
import { startNotifier } from '../../src/app/notifier/notifier.ts'
import { freePorts, startProgram, untilReady, type Program } from '../../scripts/stack/process.ts'
import { renderShippedFiles } from '../../scripts/stack/shipped-files.ts'
import { startExporter } from '../../src/app/exporter/exporter.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { createCertificate } from '../support/certificates.ts'
import { jwt } from '../support/jwt.ts'
import { prometheusApi, type PrometheusApi } from '../support/programs/prometheus-api.ts'
import { writeHistory } from './history.ts'

/** The shipped timers, divided: scrapes and rules every second. */
const speedUp = 15

/** Divided, this is 3 s: the group of the long windows has nothing to hurry for, but the tests have. */
const longInterval = '45s'

const historyDays = 3

export interface DashboardStack {
  readonly prometheus: PrometheusApi
  /** From now on the targets answer 500. */
  readonly fail: () => void
  /** From now on they answer 200 again, but the notifier refuses what Alertmanager has to say of it. */
  readonly recover: () => Promise<void>
  readonly stop: () => Promise<void>
}

/**
 * The exporter and the notifier of the sources, a real Prometheus and a real Alertmanager with the shipped files, two
 * targets with a token, one of them a transaction with TLS, and some days of recorded history.
 *
 * @param program Which Prometheus.
 */
export async function startDashboardStack(program: string, folder: string): Promise<DashboardStack> {
  const stops: (() => Promise<unknown>)[] = []
  const stop = async (): Promise<void> => {
    for (const one of stops.splice(0).reverse()) await one()
  }
  try {
    return { ...(await start(program, folder, stops)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function start(
  program: string,
  folder: string,
  stops: (() => Promise<unknown>)[],
): Promise<Omit<DashboardStack, 'stop'>> {
  const log = createLogger({ level: 'error' })
  const ports = await freePorts(['prometheus', 'alertmanager'])
  let failing = false
  const answer: Parameters<typeof createServer>[1] = (_request, response) =>
    response
      .writeHead(failing ? 500 : 200, { 'RateLimit-Limit': 1000, 'RateLimit-Remaining': 900 })
      .end('hello')
  const shop = await listen(createServer(answer), stops)
  const secure = await listen(
    createHttpsServer(
      createCertificate({ name: 'bank.example', notAfter: new Date(Date.now() + 60 * 86_400_000) }),
      answer,
    ),
    stops,
  )

  const now = Math.floor(Date.now() / 1000)
  const token = jwt({ iat: now, exp: now + 90 * 86_400 })
  const configFile = join(folder, 'targets.yml')
  await writeFile(
    configFile,
    `defaults: { interval: 1s, timeout: 900ms, alert_after: 2, auth: { bearer: ${token} } }
targets:
  - name: shop
    url: http://127.0.0.1:${shop}/cart
    labels: { vendor: acme, team: checkout }
    calls: { host: ^shop.example$ }
    runbook: https://wiki.example.com/shop
  - name: https://127.0.0.1:${secure}/ (bank)
    steps: [{ name: open, url: 'https://127.0.0.1:${secure}/' }]
    tls: { verify: false }
    labels: { vendor: bank, team: money }
`,
  )
  const loopback = { host: '127.0.0.1', port: 0 }
  const exporter = await startExporter({ configFile, listenAddress: loopback }, { log })
  stops.push(() => exporter.stop())
  stops.push(reportCalls(exporter.url))
  const tokenFile = join(folder, 'token')
  const stdout = new Writable({
    write: (_chunk, _encoding, done) => {
      done()
    },
  })
  const notifier = await startNotifier(
    { listenAddress: loopback, bearerTokenFile: tokenFile, logFile: join(folder, 'alerts.log') },
    { log, stdout },
  )
  stops.push(() => notifier.stop())
  // The notifier follows its own file: with one for both, it would never refuse anything.
  const alertmanagerToken = join(folder, 'alertmanager-token')
  await copyFile(tokenFile, alertmanagerToken)

  await renderShippedFiles(['prometheus', 'alertmanager'], folder, {
    speedUp,
    replace: {
      'interval: 5m': `interval: ${longInterval}`,
      // A machine that is slow to start everything is not a problem that dashboards should show.
      'for: 1m': 'for: 1h',
      'for: 5m': 'for: 1h',
      'exporter:9740': new URL(exporter.url).host,
      'notifier:9741': new URL(notifier.url).host,
      'localhost:9090': `127.0.0.1:${ports.prometheus}`,
      'alertmanager:9093': `127.0.0.1:${ports.alertmanager}`,
      '/etc/probity/secrets/notifier-token': alertmanagerToken,
    },
  })
  const data = join(folder, 'prometheus-data')
  await mkdir(data)
  const response = await fetch(`${exporter.url}/sd`)
  const groups = (await response.json()) as { labels: Record<string, string> }[]
  const labels = groups.map((group) => ({
    job: 'probes',
    ...Object.fromEntries(Object.entries(group.labels).filter(([name]) => !name.startsWith('__'))),
  }))
  await writeHistory(data, labels, historyDays, Date.now() / 1000)

  const run = async (
    name: 'prometheus' | 'alertmanager',
    command: string,
    args: string[],
  ): Promise<Program> => {
    const address = `127.0.0.1:${ports[name]}`
    const config = `--config.file=${join(folder, name, `${name}.yml`)}`
    const started = startProgram(name, command, [config, `--web.listen-address=${address}`, ...args])
    stops.push(() => started.stop())
    await untilReady(started, `http://${address}/-/ready`)
    return started
  }
  await run('alertmanager', 'prometheus-alertmanager', [
    `--storage.path=${join(folder, 'alertmanager-data')}`,
    '--cluster.listen-address=',
  ])
  await run('prometheus', program, [`--storage.tsdb.path=${data}`, '--storage.tsdb.retention.time=40d'])
  return {
    prometheus: prometheusApi(`http://127.0.0.1:${ports.prometheus}`),
    fail() {
      failing = true
    },
    async recover() {
      await writeFile(tokenFile, 'not-that-of-alertmanager')
      await notifier.reload()
      failing = false
    },
  }
}

/** Two versions of a program that go on calling the shop, and somebody nobody has asked for. All calls succeed, quickly. */
function reportCalls(url: string): () => Promise<void> {
  const lines = ['1.0', '1.1'].map(
    (version) => `2\tGET\thttps://shop.example/cart\t12.5\t200\t\tweb\t${version}\n`,
  )
  const body = [...lines, '2\tGET\thttps://other.example/\t12.5\t200\n'].join('')
  let sending: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    sending = sending
      .then(() => fetch(`${url}/api/v1/calls`, { method: 'POST', body }))
      .catch(() => undefined)
  }, 100)
  return async () => {
    clearInterval(timer)
    await sending
  }
}

async function listen(server: Server, stops: (() => Promise<unknown>)[]): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  stops.push(async () => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  })
  return (server.address() as AddressInfo).port
}
