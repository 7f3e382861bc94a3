import { spawnSync } from 'node:child_process'
import { chownSync } from 'node:fs'
import { join } from 'node:path'
import { tempFolder } from '../temp-folder.ts'
import { copyOfTemplate } from '../template.ts'
import { startDaemon } from './daemon.ts'
import { freePort } from './free-port.ts'

/** The name of the database that is there. */
const database = 'shop'

/** A MariaDB server, for the tests of a file. */
export interface TestMariadb {
  readonly port: number
  /** Runs statements as the one who may do everything. @returns What they print. */
  readonly run: (statements: string) => string
}

/**
 * Starts a MariaDB server with an empty database on a free port of 127.0.0.1.
 *
 * @param flags Such as `--ssl-cert=…`.
 */
export async function startMariadb(flags: readonly string[] = []): Promise<TestMariadb> {
  const folder = await tempFolder()
  const user = otherUser()
  if (user) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  await copyOfTemplate('mariadb', data, (made) => {
    if (user) chownSync(made, user.uid, user.gid)
    install(join(made, 'data'))
    return Promise.resolve()
  })
  const port = await freePort()
  const socket = join(folder, 'it.sock')
  const where = [`--datadir=${data}`, `--socket=${socket}`, `--pid-file=${join(folder, 'pid')}`]
  const address = ['--bind-address=127.0.0.1', `--port=${port}`]
  await startDaemon(
    '/usr/sbin/mariadbd',
    ['--no-defaults', ...where, ...address, ...identity, '--innodb-flush-method=nosync', ...flags],
    port,
  )
  const run = (statements: string): string => {
    const args = ['--no-defaults', `--socket=${socket}`, '--user=root', '--batch', '--execute', statements]
    const { status, stdout, stderr } = spawnSync('mariadb', args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
    return stdout
  }
  run(`create database ${database}`)
  return { port, run }
}

/** MariaDB refuses to run as root without being asked to: a test that does gives it the user of its package. */
const identity = process.getuid?.() === 0 ? ['--user=mysql'] : []

function otherUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const idOf = (kind: string): number => Number(spawnSync('id', [kind, 'mysql'], { encoding: 'utf8' }).stdout)
  return { uid: idOf('-u'), gid: idOf('-g') }
}

function install(data: string): void {
  const made = spawnSync(
    'mariadb-install-db',
    [
      '--no-defaults',
      `--datadir=${data}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      ...identity,
    ],
    { encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(`mariadb-install-db: ${made.stdout}${made.stderr}`)
}
