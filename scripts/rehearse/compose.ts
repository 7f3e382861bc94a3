import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePorts, startProgram, type Program } from '../stack/process.ts'

const execute = promisify(execFile)

/** The Compose stack of a clean clone, under its own project name and ports. */
export interface ComposeStack {
  /** The clone. */
  readonly folder: string
  readonly url: Readonly<Record<'exporter' | 'prometheus' | 'alertmanager', string>>
  /** Builds, starts, and waits until every service is healthy. What Docker prints is shown. */
  readonly up: () => Promise<void>
  /** `docker compose ARGS`; resolves to what it printed. */
  readonly run: (...args: string[]) => Promise<string>
  /** `docker compose logs --follow SERVICE`. */
  readonly follow: (service: string) => Program
  /** Removes containers, volumes and the clone. */
  readonly down: () => Promise<void>
}

/**
 * Clones a repository as it is committed, and gives it a `.env` with free ports. Starts nothing yet.
 *
 * @param settings Further lines of `.env`.
 */
export async function cloneStack(
  repository: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<ComposeStack> {
  const folder = await mkdtemp(join(tmpdir(), 'probity-rehearsal-'))
  await execute('git', ['clone', '--quiet', repository, folder])
  const ports = await freePorts(['exporter', 'prometheus', 'alertmanager', 'grafana'])
  await writeFile(
    join(folder, '.env'),
    [
      `PROBITY_PORT=${ports.exporter}`,
      `PROMETHEUS_PORT=${ports.prometheus}`,
      `ALERTMANAGER_PORT=${ports.alertmanager}`,
      `GRAFANA_PORT=${ports.grafana}`,
      // Next to that of a stack that runs on this machine.
      'PROBITY_SUBNET=172.29.98.0/24',
      ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
      '',
    ].join('\n'),
  )
  const compose = ['compose', '--project-name', `probity-rehearsal-${process.pid}`]
  const run = async (...args: string[]): Promise<string> => {
    const { stdout } = await execute('docker', [...compose, ...args], {
      cwd: folder,
      maxBuffer: 64 * 1024 * 1024,
    })
    return stdout
  }
  return {
    folder,
    url: {
      exporter: `http://127.0.0.1:${ports.exporter}`,
      prometheus: `http://127.0.0.1:${ports.prometheus}`,
      alertmanager: `http://127.0.0.1:${ports.alertmanager}`,
    },
    run,
    follow: (service) =>
      startProgram(service, 'docker', [...compose, 'logs', '--follow', '--no-log-prefix', service], {
        cwd: folder,
      }),
    up: () => shown('docker', [...compose, 'up', '--build', '--wait'], folder),
    async down() {
      await run('down', '--volumes')
      await rm(folder, { recursive: true })
    },
  }
}

/** Lets a program print to this terminal. */
function shown(program: string, args: readonly string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`${program} ${args.join(' ')} ended with code ${String(code)}`))
    })
  })
}
