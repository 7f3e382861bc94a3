import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * What can be seen of files without reading them: two equal signatures mean that nothing was changed in between. The
 * real path is part of it, so that the swap of a symlink (Kubernetes' `..data`) is a change, and so is the inode, so that
 * a replacement of the same size and time is one.
 *
 * @param paths Files and directories; of a directory, the entries count too. `DIRECTORY/*.EXTENSION` stands for the names of
 *   such files.
 */
export async function signatureOf(paths: Iterable<string>): Promise<string> {
  const lines = await Promise.all([...paths].map(describe))
  return lines.join('\n')
}

async function describe(path: string): Promise<string> {
  const [, directory, extension] = /^(.*)[\\/]\*(\.\w+)$/.exec(path) ?? []
  if (directory !== undefined && extension !== undefined) return describeNames(directory, extension)
  try {
    const stats = await stat(path, { bigint: true })
    const own = [await realpath(path), stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(' ')
    if (!stats.isDirectory()) return own
    const entries = await Promise.all(
      (await readdir(path)).sort().map((name) => describeEntry(join(path, name))),
    )
    return [own, ...entries].join('\n')
  } catch {
    return `${path} is missing`
  }
}

async function describeNames(directory: string, extension: string): Promise<string> {
  const names = await readdir(directory).catch(() => [])
  return names
    .filter((name) => name.endsWith(extension))
    .sort()
    .join('\n')
}

/** Folders inside a directory are not read, and change for their own reasons. */
async function describeEntry(path: string): Promise<string> {
  const stats = await stat(path).catch(() => undefined)
  return stats?.isFile() ? describe(path) : path
}
