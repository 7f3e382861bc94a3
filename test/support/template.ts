import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../../scripts/stack/shipped-files.ts'

/** `npm ci` empties it. */
const cache = join(root, 'node_modules/.cache/probity')

const copy = (from: string, to: string) => promisify(execFile)('cp', ['-a', from, to])

/**
 * Makes a folder as a copy of one that is made once per checkout: what takes seconds of a processor, such as an empty
 * database, is not made for every suite.
 *
 * @param name Names what is made, with its version.
 * @param to Does not exist yet; the folder it is in does.
 * @param make Makes `data` in the folder that it is given.
 */
export async function copyOfTemplate(
  name: string,
  to: string,
  make: (folder: string) => Promise<void>,
): Promise<void> {
  const template = join(cache, name)
  if (!existsSync(template)) await makeTemplate(template, make)
  await copy(template, to)
}

async function makeTemplate(template: string, make: (folder: string) => Promise<void>): Promise<void> {
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(tmpdir(), 'probity-template-'))
  const draft = await mkdtemp(`${template}-`)
  try {
    await make(folder)
    await copy(join(folder, 'data'), join(draft, 'data'))
    await rename(join(draft, 'data'), template)
  } catch (error) {
    // Two workers may have made it at once: the other's is as good.
    if (!existsSync(template)) throw error
  } finally {
    await rm(draft, { recursive: true, force: true })
    await rm(folder, { recursive: true, force: true })
  }
}
