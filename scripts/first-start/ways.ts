import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../stack/shipped-files.ts'
import { firstResult, type FirstResult } from './first-result.ts'

const run = promisify(execFile)

/** What a newcomer does in a clone of what is committed: `npm start`, and again. */
export async function fromClone(folder: string): Promise<{ first: FirstResult; second: FirstResult }> {
  const clone = join(folder, 'clone')
  await run('git', ['clone', '--quiet', '--depth=1', `file://${root}`, clone])
  const command = ['npm', 'start', '--']
  return { first: await firstResult(command, clone), second: await firstResult(command, clone) }
}

/**
 * What a newcomer does with the archive, in an empty folder. `dist` must be built.
 *
 * @returns Seconds of the installation, and what the first start took.
 */
export async function fromArchive(folder: string): Promise<{ install: number; first: FirstResult }> {
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder]
  const { stdout: archive } = await run('npm', pack, { cwd: root })
  const place = join(folder, 'place')
  await mkdir(place)
  await writeFile(join(place, 'package.json'), '{ "private": true }')
  const began = performance.now()
  await run('npm', ['install', '--no-audit', '--no-fund', join(folder, archive.trim())], { cwd: place })
  const install = (performance.now() - began) / 1000
  const probity = join(place, 'node_modules/.bin/probity')
  await run(probity, ['init'], { cwd: place })
  return { install, first: await firstResult([probity, 'solo'], place) }
}
