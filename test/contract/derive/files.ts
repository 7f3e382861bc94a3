import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../../..')

/** A file of the repository; its path is from the root. */
export function readText(path: string): Promise<string> {
  return readFile(join(root, path), 'utf8')
}

/** The files below a folder of the repository whose names end like this, as paths from the root. */
export async function filesBelow(folder: string, extension: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1))
    .sort()
}
