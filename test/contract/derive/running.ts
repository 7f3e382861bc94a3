import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Express } from 'express'
import { pino } from 'pino'
import { startNotifier } from '../../../src/app/notifier/notifier.ts'
import { startSolo } from '../../../src/app/solo/solo.ts'
import { startExporter } from '../../../src/app/exporter/exporter.ts'

/** A service that has really been started, and has answered once. */
export interface Service {
  readonly name: string
  readonly app: Express
  /** What its /metrics says. */
  readonly metrics: string
}

type Start = (folder: string) => Promise<{ readonly url: string; readonly stop: () => Promise<void> }>

const listenAddress = { host: '127.0.0.1', port: 0 }
const dependencies = { log: pino({ level: 'silent' }), env: {}, stdout: { write: () => true } }
const configFile = (folder: string): string => join(folder, 'targets.yml')

/** With everything that has a route: a history, and targets without traffic. */
const services: Readonly<Record<string, Start>> = {
  exporter: (folder) =>
    startExporter(
      {
        configFile: configFile(folder),
        listenAddress,
        lifecycle: true,
        history: { folder: join(folder, 'history') },
        marksSecretFile: join(folder, 'secret'),
      },
      dependencies,
    ),
  solo: (folder) =>
    startSolo(
      {
        configFile: configFile(folder),
        listenAddress,
        lifecycle: true,
        storagePath: folder,
        history: { folder: join(folder, 'history') },
        marksSecretFile: join(folder, 'secret'),
      },
      dependencies,
    ),
  notifier: (folder) =>
    startNotifier(
      { bearerTokenFile: join(folder, 'token'), logFile: join(folder, 'alerts.log'), listenAddress },
      dependencies,
    ),
}

let running: Promise<Service[]> | undefined

/** Starts and stops each service, once for all who ask. */
export function runningServices(): Promise<Service[]> {
  return (running ??= Promise.all(Object.entries(services).map(([name, start]) => lookAt(name, start))))
}

async function lookAt(name: string, start: Start): Promise<Service> {
  const folder = await mkdtemp(join(tmpdir(), 'probity-contract-'))
  try {
    await writeFile(
      configFile(folder),
      'targets: [{ name: job, heartbeat: 1d, calls: { host: api.example.com } }]\n',
    )
    const service = await start(folder)
    try {
      return { name, ...(await ask(service.url)) }
    } finally {
      await service.stop()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Node notifies every listener of each answer of a server in this process; Express leaves itself on the request. */
async function ask(url: string): Promise<Omit<Service, 'name'>> {
  const { port } = new URL(url)
  const apps: Express[] = []
  const listener = (message: unknown): void => {
    const { request } = message as { request: IncomingMessage & { app: Express } }
    if (request.socket.localPort === Number(port)) apps.push(request.app)
  }
  subscribe('http.server.response.finish', listener)
  try {
    const answer = await fetch(`${url}/metrics`)
    const metrics = await answer.text()
    const [app] = apps
    if (app === undefined) throw new Error(`nothing of Express answered at ${url}`)
    return { app, metrics }
  } finally {
    unsubscribe('http.server.response.finish', listener)
  }
}
