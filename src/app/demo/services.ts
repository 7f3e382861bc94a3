import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createCertificate } from './certificates.ts'
import { startNameServer } from './dns.ts'

/** The services, and how they are watched. */
export interface DemoServices {
  /** A targets.yml. */
  readonly config: object
  readonly stop: () => void
}

interface ServicesOptions {
  /** Seconds since the services began. */
  readonly elapsed: () => number
}

/** Seconds between two checks: a demo has no time for more. */
const interval = '5s'

/** After so many seconds, what fails in the end begins to. */
const honeymoon = 40

const dayMs = 86_400_000

/** Starts ten services of this machine, most of which misbehave in their own ways. */
export async function startServices({ elapsed }: ServicesOptions): Promise<DemoServices> {
  const wave = (seconds: number): number => Math.sin((elapsed() / seconds) * 2 * Math.PI)
  const later = (): boolean => elapsed() > honeymoon
  const answers: Readonly<Record<string, RequestListener>> = {
    '/blog': (_request, response) => void response.end('<h1>Hello</h1>'),
    '/search': (_request, response) => {
      setTimeout(() => response.end('{"hits":17}'), 150 + 130 * wave(60) + 60 * Math.random())
    },
    '/payments': (_request, response) => {
      response.writeHead(wave(40) < -0.2 ? 500 : 200).end('{}')
    },
    '/checkout': (_request, response) => {
      response.writeHead(later() ? 503 : 200).end(later() ? 'no healthy upstream' : 'ok')
    },
    '/stock': (_request, response) => {
      response
        .setHeader('Content-Type', 'application/json')
        .end(`{"status":"${later() ? 'stale' : 'fresh'}"}`)
    },
    '/login': (_request, response) => {
      response.writeHead(302, { Location: later() ? '/login' : '/blog' }).end()
    },
  }
  const web = await listen(
    createServer((request, response) => {
      ;(answers[request.url ?? ''] ?? notFound)(request, response)
    }),
  )
  const expiring = createCertificate({
    name: 'demo.test',
    ip: ['127.0.0.1'],
    notAfter: new Date(Date.now() + 5 * dayMs),
  })
  const tls = await listen(createTlsServer({ cert: expiring.cert, key: expiring.key }, notFound))
  const names = await startNameServer(() => wave(60) > -0.5)
  const gone = await listen(createServer())
  gone.server.close()
  const url = (path: string): string => `http://127.0.0.1:${web.port}${path}`
  return {
    config: {
      // Otherwise budgets would burn all the time: what fails here fails for good.
      defaults: {
        interval,
        timeout: '2s',
        alert_after: '15s',
        expect: { max_error_rate: '50%', slo: '50%' },
      },
      targets: [
        { name: 'blog', url: url('/blog'), expect: { body: { contains: 'Hello' } } },
        {
          name: 'search',
          url: url('/search'),
          expect: { max_latency: '200ms' },
          labels: { team: 'discovery' },
        },
        { name: 'payments', url: url('/payments'), labels: { team: 'checkout' } },
        { name: 'checkout', url: url('/checkout'), labels: { team: 'checkout' } },
        { name: 'stock', url: url('/stock'), expect: { json: { '$.status': 'fresh' } } },
        { name: 'login', url: url('/login') },
        {
          name: 'api-certificate',
          certificate: `127.0.0.1:${tls.port}`,
          tls: { verify: false },
          expect: { certificate_days: 14 },
        },
        { name: 'name-server', dns: 'shop.demo.test', server: `127.0.0.1:${names.port}` },
        { name: 'mail', tcp: `127.0.0.1:${gone.port}`, severity: 'warning' },
        { name: jobName, heartbeat: '10s', grace: '5s' },
      ],
    },
    stop() {
      for (const { server } of [web, tls]) {
        server.close()
        server.closeAllConnections()
      }
      names.stop()
    },
  }
}

/** The one that calls, until it stops. */
export const jobName = 'nightly-backup'

/** Whether the job still calls. */
export function jobCalls(elapsed: number): boolean {
  return elapsed < 2 * honeymoon
}

const notFound: RequestListener = (_request, response) => {
  response.writeHead(404).end()
}

async function listen<S extends Server>(server: S): Promise<{ server: S; port: number }> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}
