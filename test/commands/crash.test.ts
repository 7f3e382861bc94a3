import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startProgram, type Program } from '../../scripts/stack/process.ts'
import { withDatabase } from '../support/embedded.ts'
import { probity } from '../support/programs/probity.ts'
import { proveAll } from '../support/proof.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'

/** A bug that waits for a signal: in a callback, and in a promise that nobody looks at. */
const bugs = `
process.on('SIGUSR2', () => setTimeout(() => { throw new TypeError('a bug in a callback') }))
process.on('SIGWINCH', () => void Promise.reject(new TypeError('a bug in a promise')))
`

const web = ['--web.listen-address', '127.0.0.1:0']
const calls = ['--calls.listen-address', '127.0.0.1:0']
const stored = ['--storage.path', 'data']

const inCallback = { where: 'a callback', signal: 'SIGUSR2' } as const
const inPromise = { where: 'a promise', signal: 'SIGWINCH' } as const

const targets = ['--config.file', 'targets.yml']
const notify = ['--notify.file', 'notify.yml']
const programs = [
  { name: 'solo', flags: [...web, ...calls, ...stored, ...targets], bugs: [inCallback, inPromise] },
  { name: 'exporter', flags: [...web, ...calls, ...stored, ...targets], bugs: [inCallback] },
  { name: 'notifier', flags: [...web, ...stored, ...notify], bugs: [inPromise] },
]

let folder: string
let program: Program | undefined

beforeEach(async () => {
  folder = await tempFolder()
  await writeFile(join(folder, 'bugs.cjs'), bugs)
  await writeFile(
    join(folder, 'targets.yml'),
    'targets: [{ name: backup, heartbeat: 1d, interval: 250ms, timeout: 200ms }]\n',
  )
  await writeFile(join(folder, 'notify.yml'), 'channels: {}\nroutes: []\n')
})

afterEach(() => program?.stop('SIGKILL'))

async function start(name: string, flags: readonly string[]): Promise<{ program: Program; url: string }> {
  const args = ['--require', './bugs.cjs', ...probity, name, ...flags]
  const started = startProgram(name, process.execPath, [...args, '--log.format', 'json'], {
    env: { PATH: process.env.PATH },
    cwd: folder,
  })
  program = started
  const url = await waitFor(
    'the program',
    () => /"url":"([^"]+)"[^\n]*is listening/.exec(started.output())?.[1],
    60_000,
  )
  // Solo listens before everything is open.
  if (name === 'solo') await waitFor('a check', () => isChecked(url), 60_000)
  return { program: started, url }
}

async function isChecked(url: string): Promise<boolean> {
  return (await (await fetch(`${url}/metrics`)).text()).includes('probity_probes_total{kind="heartbeat"')
}

describe.each(programs)('a bug in $name', ({ name, flags, bugs: some }) => {
  if (name === 'solo') beforeEach(() => withDatabase(join(folder, 'data')))

  // All programs catch both in one place: every run has each of them once, and solo with both.
  it.each(proveAll ? [inCallback, inPromise] : some)(
    'in $where is logged and ends it in order, and the next start says so',
    async (bug) => {
      const first = await start(name, flags)
      process.kill(first.program.pid, bug.signal)
      expect(await first.program.exited).toBe(70)
      expect(first.program.output()).toContain(`TypeError: a bug in ${bug.where}`)
      expect(first.program.output()).toContain('this process ends with exit code 70')
      const note = join(folder, 'data', `${name}-crashed`)
      expect((await stat(note)).mode & 0o777).toBe(0o600)
      const at = (await readFile(note, 'utf8')).trim()
      // What was known is on the disk: the state is written by an orderly end alone.
      if (name === 'solo')
        expect(JSON.parse(await readFile(join(folder, 'data/solo-state.json'), 'utf8'))).toHaveProperty(
          'targets.backup',
        )

      const second = await start(name, flags)
      expect(second.program.output()).toContain(`the last run ended at ${at} because of a bug in Probity`)
      const metrics = await (await fetch(`${second.url}/metrics`)).text()
      expect(metrics).toContain(`\nprobity_last_crash_timestamp_seconds ${Date.parse(at) / 1000}\n`)
      if (name !== 'notifier')
        expect(await (await fetch(second.url)).text()).toContain(`The last run of Probity ended at ${at}`)
      if (name === 'solo')
        await waitFor('the alert', async () =>
          (await readFile(join(folder, 'data/alerts.log'), 'utf8')).includes('ProbityCrashed'),
        )
      expect(await readdir(join(folder, 'data'))).not.toContain(`${name}-crashed`)
      await second.program.stop()
      expect(await second.program.exited).toBe(0)
    },
  )
})
