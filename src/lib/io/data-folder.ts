import { mkdir } from 'node:fs/promises'

/**
 * Creates a folder for what Probity stores, with its parents. Its group may read it, for programs that ship logs, and nobody else; a
 * folder that exists stays as it is.
 *
 * @throws Whatever the file system said.
 */
export async function createDataFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o750 })
}
