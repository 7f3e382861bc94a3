import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startProgram, type Program } from '../../scripts/stack/process.ts'
import { root } from '../../scripts/stack/shipped-files.ts'
import { startExporter } from '../../src/app/exporter/exporter.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { addToken } from '../../src/tokens/edit.ts'
import { atEnd } from '../support/at-end.ts'
import { withDatabase } from '../support/embedded.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'

const probity = join(root, 'bin/probity.cjs')

let folder: string
let program: Program | undefined
let url: string

/** What a command prints, and where it ended other than well, what it complains about. */
async function run(...args: string[]): Promise<string> {
  const env = { ...process.env, PROBITY_URL: url }
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [probity, ...args], {
    env,
    cwd: folder,
  }).catch((error: unknown) => error as { stdout: string; stderr: string })
  return stdout + stderr
}

async function start(): Promise<void> {
  const args = [
    'solo',
    '--web.listen-address',
    '127.0.0.1:0',
    '--calls.listen-address',
    '127.0.0.1:0',
    '--config.file',
  ]
  program = startProgram(
    'solo',
    process.execPath,
    [probity, ...args, 'targets.yml', '--storage.path', 'data', '--log.format', 'json'],
    { env: { PATH: process.env['PATH'] }, cwd: folder },
  )
  const { output } = program
  url = await waitFor('the program', () => /"url":"([^"]+)"[^\n]*is listening/.exec(output())?.[1], 60_000)
}

beforeEach(async () => {
  folder = await tempFolder()
  await withDatabase(join(folder, 'data'))
  await writeFile(join(folder, 'targets.yml'), 'targets: [{ name: shop, heartbeat: 1d }]\n')
})

afterEach(() => program?.stop('SIGKILL'))

describe('probity silence', () => {
  it('silences, and what is silenced outlives a process that is killed', async () => {
    await start()
    expect(await run('silence', 'list')).toBe('nothing is silenced\n')
    const made = await run('silence', 'shop', '2h', 'new database')
    expect(made).toMatch(/^[\w-]{36} {2}until 20.* UTC {2}target="shop", by \S.*: new database\n$/)
    await program?.stop('SIGKILL')
    await start()
    expect(await run('silence', 'list')).toBe(made)
    expect(await run('silence', 'end', made.slice(0, 36))).toBe(`${made.slice(0, 36)} has ended\n`)
    expect(await run('silence', 'add', 'team=web', '--until', '2020-01-01T00:00:00Z', 'why')).toBe(
      'a silence must last at least one minute and at most 366 days from now\n',
    )
    expect(await run('ack', 'shop')).toBe(
      'no alert of target "shop" fires: there is nothing to acknowledge\n',
    )
  })
})

describe('what an exporter says', () => {
  it('is what it needs for silences, and who may not silence', async () => {
    const tokens = join(folder, 'tokens.jsonl')
    const secret = await addToken(tokens, { name: 'screen', scopes: ['read'], now: Date.now() })
    await writeFile(join(folder, 'secret'), secret)
    const exporter = await startExporter(
      {
        configFile: join(folder, 'targets.yml'),
        listenAddress: { host: '127.0.0.1', port: 0 },
        tokens: { file: tokens, optional: false },
      },
      { log: createLogger({ destination: { write: () => undefined } }), env: {} },
    )
    atEnd(() => exporter.stop())
    url = exporter.url
    expect(await run('silence', 'shop', '1h', 'x', '--token-file', 'secret')).toBe(
      'Probity answered 403: the token screen does not have the scope silence, so it may not silence alerts\n',
    )
    expect(await run('silence', 'list', '--token-file', 'secret')).toBe(
      'it keeps no silences: an exporter needs --alertmanager.url for that\n',
    )
  })
})
