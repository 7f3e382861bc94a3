import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hashSync } from 'bcryptjs'
import { pino } from 'pino'
import type { AccessPlaces } from '../../../src/app/access.ts'
import { startExporter } from '../../../src/app/exporter/exporter.ts'
import { startNotifier } from '../../../src/app/notifier/notifier.ts'
import { startSolo } from '../../../src/app/solo/solo.ts'
import type { ListenAddress } from '../../../src/lib/http/listen.ts'
import { tempFolder } from '../../support/temp-folder.ts'

/** A service that runs, and what its log says. */
export interface TestService {
  readonly url: string
  readonly reload: () => Promise<void>
  readonly stop: () => Promise<void>
  readonly folder: string
  readonly log: () => string
}

export interface ServiceOptions extends Omit<AccessPlaces, 'webConfigFile'> {
  /** The content of `--web.config.file`, and of files next to it. */
  readonly web?: string
  readonly files?: Readonly<Record<string, string>>
  readonly listenAddress?: ListenAddress
  /** Of those that receive calls. */
  readonly otlpGrpcAddress?: ListenAddress
}

export type ServiceName = 'exporter' | 'solo' | 'notifier'

/** The password of the user `ada` of {@link users}, and part of a web configuration. Its cost is the least, for the tests' time. */
export const password = 'correct horse'
export const users = `basic_auth_users: { ada: '${hashSync(password, 4)}' }\n`

/** What Alertmanager sends to the notifier of {@link startService}. */
export const notifierToken = 'of-the-notifier-1234567'

/** Starts one of the three servers with a job whose heartbeat has a token, one whose has none, and a public target. */
export async function startService(name: ServiceName, options: ServiceOptions): Promise<TestService> {
  const { web, files = {}, listenAddress = { host: '127.0.0.1', port: 0 }, ...places } = options
  const folder = await tempFolder()
  let logged = ''
  const log = pino({ level: 'info' }, { write: (text: string) => (logged += text) })
  const targets = [
    '{ name: job, heartbeat: 1d, token: of-the-job-1234567 }',
    '{ name: open, heartbeat: 1d }',
    '{ name: pay, calls: { host: stripe } }',
  ]
  await writeFile(join(folder, 'targets.yml'), `targets: [${targets.join(', ')}]\n`)
  for (const [file, content] of Object.entries(files)) await writeFile(join(folder, file), content)
  await writeFile(join(folder, 'token'), notifierToken)
  if (web !== undefined) await writeFile(join(folder, 'web.yml'), web)
  const common = {
    ...places,
    listenAddress,
    ...(web !== undefined && { webConfigFile: join(folder, 'web.yml') }),
    storagePath: folder,
  }
  const dependencies = { log, env: { SECRET: 'of-the-client' }, stdout: { write: () => true } }
  const watching = { ...common, configFile: join(folder, 'targets.yml'), lifecycle: true }
  const start = {
    exporter: () => startExporter(watching, dependencies),
    solo: () => startSolo(watching, dependencies),
    notifier: () =>
      startNotifier(
        { ...common, bearerTokenFile: join(folder, 'token'), logFile: join(folder, 'alerts.log') },
        dependencies,
      ),
  }
  const service = await start[name]()
  return {
    url: service.url,
    reload: service.reload,
    stop: () => service.stop(),
    folder,
    log: () => logged,
  }
}
