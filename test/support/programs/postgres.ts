import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import pg from 'pg'
import { tempFolder } from '../temp-folder.ts'
import { copyOfTemplate } from '../template.ts'
import { freePort } from './free-port.ts'
import { lastingFolder, untilWeEnd } from './until-we-end.ts'
import { waitFor } from '../time/wait-for.ts'

/** A PostgreSQL server of a test's own, for tests that stop it. Others take `createDatabase`. */
export interface TestPostgres {
  readonly url: string
  /** Kill -9: the next start has to recover. */
  readonly kill: () => Promise<void>
  /** Starts it again on the same files and port. */
  readonly start: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** Where Debian's package has its programs; the newest, where there are several. */
function findPrograms(): string | undefined {
  try {
    const [newest] = readdirSync('/usr/lib/postgresql').sort((a, b) => Number(b) - Number(a))
    return newest === undefined ? undefined : join('/usr/lib/postgresql', newest, 'bin')
  } catch {
    return undefined
  }
}

const programs = findPrograms()
const version = programs?.split('/').at(-2)
const env = { PATH: process.env.PATH, LC_ALL: 'C' }

/** A suite that needs a PostgreSQL server: skipped by name without one, but not in CI. */
export function describeWithPostgres(name: string, suite: () => void): void {
  const why = `${name} (needs /usr/lib/postgresql/*/bin of Debian's package postgresql)`
  if (programs !== undefined) describe(name, suite)
  else if (process.env.CI !== 'true') describe.skip(why, suite)
  else
    it(why, () => {
      throw new Error('not installed: postgresql')
    })
}

/** PostgreSQL refuses to run as root: a test that does gives it the user of its package. */
function otherUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const idOf = (kind: string): number =>
    Number(spawnSync('id', [kind, 'postgres'], { encoding: 'utf8' }).stdout)
  return { uid: idOf('-u'), gid: idOf('-g') }
}

/** Makes the files of an empty database, as `data` in a folder. */
function initdb(folder: string, user: ReturnType<typeof otherUser>): void {
  if (user) chownSync(folder, user.uid, user.gid)
  const made = spawnSync(
    join(programs!, 'initdb'),
    ['-D', join(folder, 'data'), '-U', 'probity', '--auth=trust', '--encoding=UTF8', '--no-sync'],
    { ...user, cwd: folder, env, encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`)
}

let shared: Promise<string> | undefined
let databases = 0

/** Makes an empty database on a server that the suites of a worker share. @returns Its URL. */
export async function createDatabase(): Promise<string> {
  shared ??= startShared()
  const server = await shared
  const name = `test_${(databases += 1)}`
  await ask(`${server}/postgres`, `create database ${name}`)
  return `${server}/${name}`
}

async function startShared(): Promise<string> {
  const user = otherUser()
  const folder = await lastingFolder(user)
  await emptyDatabase(folder, user)
  const port = await freePort()
  untilWeEnd(folder, [join(programs!, 'postgres'), ...flagsOf(folder, port)], { ...user, env })
  const url = `postgres://probity@127.0.0.1:${port}`
  await waitFor('PostgreSQL answers', () => ask(`${url}/postgres`, 'select 1'))
  return url
}

const flagsOf = (folder: string, port: number): string[] => [
  ...['-D', join(folder, 'data'), '-p', `${port}`, '-h', '127.0.0.1', '-k', folder],
]

async function emptyDatabase(folder: string, user: ReturnType<typeof otherUser>): Promise<void> {
  await copyOfTemplate(`postgresql-${version}`, join(folder, 'data'), (made) => {
    initdb(made, user)
    return Promise.resolve()
  })
}

async function ask(url: string, query: string): Promise<true> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query(query)
    return true
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Starts a server with an empty database on a free port of 127.0.0.1. */
export async function startPostgres(): Promise<TestPostgres> {
  const user = otherUser()
  const folder = await emptyFolder(user)
  await emptyDatabase(folder, user)
  return serve(folder, user)
}

/** Starts a hot standby of a server, which replicates it from now on. */
export async function startReplica(primary: string): Promise<TestPostgres> {
  const user = otherUser()
  const folder = await emptyFolder(user)
  const copied = spawnSync(
    join(programs!, 'pg_basebackup'),
    ['-D', join(folder, 'data'), '-d', primary, '-R', '--checkpoint=fast', '--no-sync'],
    { ...user, cwd: folder, env, encoding: 'utf8' },
  )
  if (copied.status !== 0) throw new Error(`pg_basebackup: ${copied.stderr}`)
  return serve(folder, user)
}

/** Has a server offer TLS: soon, because it reads its settings in its own time. */
export async function switchOnTls(
  url: string,
  certificate: { readonly cert: string; readonly key: string },
): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ data_directory: string }>('show data_directory')
  const folder = rows[0]!.data_directory
  const { uid, gid } = statSync(folder)
  for (const [name, text] of [
    ['server.crt', certificate.cert],
    ['server.key', certificate.key],
  ] as const) {
    const path = join(folder, name)
    writeFileSync(path, text, { mode: 0o600 })
    chownSync(path, uid, gid)
  }
  await client.query('alter system set ssl = on')
  await client.query('select pg_reload_conf()')
  await client.end()
}

async function emptyFolder(user: ReturnType<typeof otherUser>): Promise<string> {
  const folder = await tempFolder()
  if (user) chownSync(folder, user.uid, user.gid)
  return folder
}

/** Runs a server on the files in `data` of a folder. */
async function serve(folder: string, user: ReturnType<typeof otherUser>): Promise<TestPostgres> {
  const options = { ...user, cwd: folder, env }
  const port = await freePort()
  const url = `postgres://probity@127.0.0.1:${port}/postgres`
  let server: ChildProcess | undefined
  let output = ''

  function spawnServer(): ChildProcess {
    const child = spawn(join(programs!, 'postgres'), flagsOf(folder, port), {
      ...options,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    child.stderr.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4000)))
    return child
  }

  async function start(): Promise<void> {
    server = spawnServer()
    await waitFor('PostgreSQL answers', async () => {
      // It refuses to start while backends of the one that was killed are still ending.
      if (server?.exitCode !== null) server = spawnServer()
      return ask(url, 'select 1').catch((cause: unknown) => {
        throw new Error(output, { cause })
      })
    })
  }

  /** SIGQUIT is its immediate shutdown: what is there is for the bin. */
  async function end(signal: NodeJS.Signals): Promise<void> {
    const child = server
    server = undefined
    if (!child || child.exitCode !== null) return
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }

  await start()
  return { url, start, kill: () => end('SIGKILL'), stop: () => end('SIGQUIT') }
}
