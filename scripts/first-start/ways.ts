import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startProgram } from '../stack/process.ts'
import { root } from '../stack/shipped-files.ts'
import { firstResult, type FirstResult } from './first-result.ts'
import type { Machine } from './machine.ts'

const run = promisify(execFile)

/** What a newcomer does in a clone of what is committed: `npm start`, and again. */
export async function fromClone({
  folder,
  command,
}: Machine): Promise<{ first: FirstResult; second: FirstResult }> {
  const clone = join(folder, 'clone')
  await run('git', ['clone', '--quiet', '--depth=1', `file://${root}`, clone])
  const start = command(['npm', 'start', '--'], clone)
  return { first: await firstResult(start, clone), second: await firstResult(start, clone) }
}

/**
 * What a newcomer does with the archive, in an empty folder. `dist` must be built.
 *
 * @returns Seconds of the installation, and what the first start took.
 */
export async function fromArchive(machine: Machine): Promise<{ install: number; first: FirstResult }> {
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', machine.folder]
  const { stdout: archive } = await run('npm', pack, { cwd: root })
  const place = join(machine.folder, 'place')
  await mkdir(place)
  await writeFile(join(place, 'package.json'), '{ "private": true }')
  const there = async (...words: string[]): Promise<void> => {
    const [program = '', ...args] = machine.command(words, place)
    await run(program, args, { cwd: place })
  }
  const began = performance.now()
  const file = machine.path(join(machine.folder, archive.trim()))
  await there('npm', 'install', '--no-audit', '--no-fund', file)
  const install = (performance.now() - began) / 1000
  const probity = machine.path(join(place, 'node_modules/.bin/probity'))
  await there(probity, 'init')
  return { install, first: await firstResult(machine.command([probity, 'solo'], place), place) }
}

/** Runs `npm run verify` in a clone with all commits. @returns Whether it passed. */
export async function verified(machine: Machine, onLine: (line: string) => void): Promise<boolean> {
  const clone = join(machine.folder, 'verified')
  await run('git', ['clone', '--quiet', `file://${root}`, clone])
  const [program = '', ...args] = machine.command(['env', 'CI=true', 'npm', 'run', 'verify'], clone)
  const verify = startProgram('verify', program, args, { cwd: clone, onLine })
  return (await verify.exited) === 0
}
