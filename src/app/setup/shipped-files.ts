import { existsSync } from 'node:fs'
import { cp, mkdir, readdir } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { messageOf, ProbityError } from '../../lib/errors.ts'

/** The folder of this installation. */
const root = fileURLToPath(new URL('../../..', import.meta.url))

/** What the parts around Probity need: folders of this installation. An image has only some of them. */
const shipped = ['config', 'prometheus', 'alertmanager', 'grafana', 'client', 'clients', 'deploy', 'mixin']

/** What only developers of Probity need. */
const sources = /^(?:client|grafana)\/src\/|^client\/tsconfig|\/node_modules\//

/** What deploy/kubernetes needs, which is not copied here, and the library, which is read where it is installed. */
const notForUsers = /^(?:Kustomization$|library\/)/

/**
 * Copies the folder `config` of this installation, with a target that is up and one to fill in.
 *
 * @returns The files that were written.
 * @throws ProbityError As {@link copyShipped}.
 */
export function copyConfig(to: string): Promise<string[]> {
  return copy('config', to, join(root, 'config'), notForUsers)
}

/**
 * Copies everything that is shipped: rules, dashboards, templates, clients, the configuration and how it is deployed.
 *
 * @returns The files that were written.
 * @throws ProbityError `FILE_EXISTS` when one of them is there already, and nothing is written then; `FILE_UNWRITABLE` with
 *   what the file system said.
 */
export async function copyShipped(to: string): Promise<string[]> {
  const folders = shipped.filter((folder) => existsSync(join(root, folder)))
  const written: string[] = []
  for (const folder of folders) written.push(...(await copy(folder, join(to, folder), join(root, folder))))
  return written
}

async function copy(name: string, to: string, from: string, without?: RegExp): Promise<string[]> {
  const entries = await readdir(from, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(from, join(entry.parentPath, entry.name)))
    .filter((file) => !sources.test(`${name}/${file}`) && !without?.test(file))
    .sort()
  const there = files.map((file) => join(to, file)).find((file) => existsSync(file))
  if (there !== undefined)
    throw new ProbityError(
      'FILE_EXISTS',
      `${there} already exists: name another folder, or move the file away`,
    )
  try {
    for (const file of files) {
      await mkdir(dirname(join(to, file)), { recursive: true })
      await cp(join(from, file), join(to, file))
    }
  } catch (cause) {
    throw new ProbityError('FILE_UNWRITABLE', `cannot write into ${to}: ${messageOf(cause)}`, { cause })
  }
  return files.map((file) => join(to, file))
}
