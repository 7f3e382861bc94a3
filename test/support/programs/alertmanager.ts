import { join } from 'node:path'
import { freePorts, startProgram, untilReady, type Program } from '../../../scripts/stack/process.ts'
import { renderShippedFiles } from '../../../scripts/stack/shipped-files.ts'
import { moreVersions } from './tools.ts'

/** Debian's, and those that PROBITY_ALERTMANAGER names. */
export const alertmanagers = ['prometheus-alertmanager', ...moreVersions('PROBITY_ALERTMANAGER')]

/** Debian's, and those that PROBITY_AMTOOL names. */
export const amtools = ['amtool', ...moreVersions('PROBITY_AMTOOL')]

export type Labels = Readonly<Record<string, string>>

export interface PostedAlert {
  readonly labels: Labels
  readonly annotations?: Labels
  readonly startsAt?: Date
  readonly endsAt?: Date
}

/** An alert as Alertmanager shows it. */
export interface ShownAlert {
  readonly labels: Labels
  readonly fingerprint: string
  readonly status: { readonly state: string; readonly inhibitedBy: readonly string[] }
}

export interface Alertmanager {
  readonly url: string
  readonly program: Program
  /** What Prometheus does: reports alerts. */
  readonly post: (alerts: readonly PostedAlert[]) => Promise<void>
  readonly alerts: () => Promise<ShownAlert[]>
  readonly stop: () => Promise<void>
}

export interface AlertmanagerOptions {
  /** Where its data goes, and its copy of the shipped configuration. */
  readonly folder: string
  /** What stands in the shipped configuration, and what it becomes. */
  readonly replace?: Labels
  /** By how much the shipped timers are divided. Default 1. */
  readonly speedUp?: number
  /** Where it listens, to be the same after a restart. Default: a free port. */
  readonly port?: number
}

/** Starts an Alertmanager with the shipped configuration, on loopback and without peers. */
export async function startAlertmanager(binary: string, options: AlertmanagerOptions): Promise<Alertmanager> {
  const { folder, replace = {}, speedUp = 1, ...where } = options
  await renderShippedFiles(['alertmanager'], folder, { replace, speedUp })
  return runAlertmanager(binary, {
    ...where,
    folder,
    configFile: join(folder, 'alertmanager/alertmanager.yml'),
  })
}

/** Starts an Alertmanager with its own configuration, on loopback and without peers. */
export async function runAlertmanager(
  binary: string,
  {
    folder,
    configFile,
    ...where
  }: Pick<AlertmanagerOptions, 'folder' | 'port'> & { readonly configFile: string },
): Promise<Alertmanager> {
  const port = where.port ?? (await freePorts(['port'])).port
  const url = `http://127.0.0.1:${port}`
  const program = startProgram('alertmanager', binary, [
    `--config.file=${configFile}`,
    `--storage.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ])
  try {
    await untilReady(program, `${url}/-/ready`)
  } catch (error) {
    await program.stop()
    throw error
  }
  return {
    url,
    program,
    async post(alerts) {
      const response = await fetch(`${url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(alerts),
      })
      if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
    },
    async alerts() {
      return (await (await fetch(`${url}/api/v2/alerts`)).json()) as ShownAlert[]
    },
    stop: () => program.stop(),
  }
}
