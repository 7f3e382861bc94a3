import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tempFolder } from './temp-folder.ts'

/** A ConfigMap or a Secret as the kubelet mounts it: links to links, of which one is swapped. */
export interface MountedFiles {
  readonly folder: string
  /** Replaces all files at once, as after `kubectl apply`. */
  readonly swap: (files: Readonly<Record<string, string>>) => Promise<void>
}

/** The names of the files stay the same in every swap. */
export async function mountFiles(files: Readonly<Record<string, string>>): Promise<MountedFiles> {
  const folder = await tempFolder()
  let version = 0
  let current = ''
  async function swap(next: Readonly<Record<string, string>>): Promise<void> {
    const old = current
    current = `..2026_11_29_${++version}`
    await mkdir(join(folder, current))
    for (const [name, text] of Object.entries(next)) await writeFile(join(folder, current, name), text)
    await symlink(current, join(folder, '..data_tmp'))
    await rename(join(folder, '..data_tmp'), join(folder, '..data'))
    if (old !== '') await rm(join(folder, old), { recursive: true })
  }
  await swap(files)
  for (const name of Object.keys(files)) await symlink(join('..data', name), join(folder, name))
  return { folder, swap }
}
