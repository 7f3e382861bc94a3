import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePorts, startProgram, untilReady, type Program } from './process.ts'
import { render, renderShippedFiles, root } from './shipped-files.ts'

const services = ['exporter', 'notifier', 'prometheus', 'alertmanager'] as const
type Service = (typeof services)[number]

export interface LocalStackOptions {
  /** Where data, rendered files and the alerts log go. */
  readonly folder: string
  /** A file or a directory. */
  readonly configFile: string
  /** notify.yml: Alertmanager then runs what `probity render alertmanager` makes of it. Default: the shipped configuration. */
  readonly notifyFile?: string
  /** Default: free ones. */
  readonly ports?: Readonly<Record<Service, number>>
  /** By how much the shipped timers are divided. Default 1. */
  readonly speedUp?: number
  readonly prometheus?: string
  readonly alertmanager?: string
  readonly onLine?: (service: Service, line: string) => void
}

/** The stack without containers: the shipped files, on loopback. */
export interface LocalStack {
  readonly url: Readonly<Record<Service, string>>
  readonly alertsLog: string
  readonly program: (service: Service) => Program
  /** Starts a service again that was stopped. */
  readonly start: (service: Service) => Promise<void>
  readonly stop: () => Promise<void>
}

/** Starts exporter, notifier, Prometheus and Alertmanager, and waits until each is ready. */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const { folder, onLine, notifyFile, speedUp = 1 } = options
  const ports = options.ports ?? (await freePorts(services))
  const url = Object.fromEntries(
    services.map((name) => [name, `http://127.0.0.1:${ports[name]}`]),
  ) as LocalStack['url']
  const tokenFile = join(folder, 'notifier-token')
  const alertsLog = join(folder, 'alerts.log')
  await mkdir(folder, { recursive: true })
  await renderShippedFiles(['prometheus', 'alertmanager'], folder, {
    speedUp,
    replace: {
      'exporter:9740': `127.0.0.1:${ports.exporter}`,
      'notifier:9741': `127.0.0.1:${ports.notifier}`,
      'localhost:9090': `127.0.0.1:${ports.prometheus}`,
      'prometheus:9090': `127.0.0.1:${ports.prometheus}`,
      'alertmanager:9093': `127.0.0.1:${ports.alertmanager}`,
      '/etc/probity/secrets/notifier-token': tokenFile,
    },
  })
  const probity = join(root, 'bin/probity.cjs')
  const notify = notifyFile === undefined ? [] : [`--notify.file=${notifyFile}`]
  if (notifyFile !== undefined) {
    const out = join(folder, 'alertmanager')
    const where = [`--out=${out}`, `--notifier.url=${url.notifier}`, `--web.bearer-token-file=${tokenFile}`]
    await promisify(execFile)(process.execPath, [probity, 'render', 'alertmanager', ...notify, ...where])
    const file = join(out, 'alertmanager.yml')
    await writeFile(file, render(await readFile(file, 'utf8'), { replace: {}, speedUp }))
  }
  const commands: Record<Service, readonly [string, ...string[]]> = {
    exporter: [
      process.execPath,
      probity,
      'exporter',
      `--config.file=${options.configFile}`,
      `--web.listen-address=127.0.0.1:${ports.exporter}`,
      '--web.enable-lifecycle',
    ],
    notifier: [
      process.execPath,
      probity,
      'notifier',
      `--web.listen-address=127.0.0.1:${ports.notifier}`,
      `--web.bearer-token-file=${tokenFile}`,
      `--alerts.log-file=${alertsLog}`,
      ...notify,
      `--exporter.url=${url.exporter}`,
      `--web.external-url=${url.exporter}`,
    ],
    prometheus: [
      options.prometheus ?? 'prometheus',
      `--config.file=${join(folder, 'prometheus/prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'prometheus-data')}`,
      '--storage.tsdb.retention.time=40d',
      `--web.listen-address=127.0.0.1:${ports.prometheus}`,
      '--web.enable-lifecycle',
    ],
    alertmanager: [
      options.alertmanager ?? 'prometheus-alertmanager',
      `--config.file=${join(folder, 'alertmanager/alertmanager.yml')}`,
      `--storage.path=${join(folder, 'alertmanager-data')}`,
      `--web.listen-address=127.0.0.1:${ports.alertmanager}`,
      '--cluster.listen-address=',
    ],
  }
  const running = new Map<Service, Program>()
  const start = async (service: Service): Promise<void> => {
    const [command, ...args] = commands[service]
    const program = startProgram(service, command, args, { onLine: (line) => onLine?.(service, line) })
    running.set(service, program)
    await untilReady(program, `${url[service]}/-/ready`)
  }
  const stop = async (): Promise<void> => {
    await Promise.all([...running.values()].map((program) => program.stop()))
  }
  try {
    await Promise.all([start('exporter'), start('notifier')])
    await start('alertmanager')
    await start('prometheus')
  } catch (error) {
    await stop()
    throw error
  }
  return { url, alertsLog, start, stop, program: (service) => running.get(service)! }
}
