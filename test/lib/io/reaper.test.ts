import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from '../../../scripts/stack/shipped-files.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const program = (folder: string): string => `
import { runCommand } from ${JSON.stringify(join(root, 'src/lib/io/run-command.ts'))}
const options = { env: process.env, timeoutMs: 600_000, background: 'leave' }
await runCommand('sleep 600 & echo $! > ${folder}/left', { ...options, folder: '${folder}/a folder of before' })
await runCommand("trap '' TERM; sleep 600 & echo $$ $! > ${folder}/running; wait; sleep 600", { ...options, folder: '${folder}/its folder' })
`

async function isRunning(pid: number): Promise<boolean> {
  try {
    return !/^State:\s+Z/m.test(await readFile(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

it.skipIf(process.platform !== 'linux')(
  'ends what runs when Probity is killed, with its folder, and nothing else',
  async () => {
    const folder = await tempFolder()
    for (const name of ['its folder', 'a folder of before']) {
      await mkdir(join(folder, name))
      await writeFile(join(folder, name, 'secret'), 'sesame')
    }
    const probity = spawn(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', program(folder)],
      {
        cwd: root,
        stdio: 'ignore',
      },
    )
    const pids = async (name: string): Promise<number[]> => {
      const text = await waitFor(name, () =>
        readFile(join(folder, name), 'utf8').then(
          (read) => read.trim() || undefined,
          () => undefined,
        ),
      )
      return text.split(' ').map(Number)
    }
    const running = await pids('running')
    const [left = 0] = await pids('left')
    for (const pid of [...running, left]) expect(await isRunning(pid)).toBe(true)
    const gone = once(probity, 'exit')
    probity.kill('SIGKILL')
    await gone
    for (const pid of running)
      await waitFor(`the end of ${pid}`, async () => !(await isRunning(pid)) || undefined)
    await waitFor('the end of its folder', async () => !(await readdir(folder)).includes('its folder'))
    expect(await readdir(folder)).toContain('a folder of before')
    expect(await isRunning(left)).toBe(true)
    process.kill(left, 'SIGKILL')
  },
)
