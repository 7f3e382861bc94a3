import { readFile, stat } from 'node:fs/promises'

/** What a token or a state may take at most: far more than any of them needs. */
const maxBytes = 256 * 1024 * 1024

/**
 * Reads the text of a file. Opening a named pipe would wait for its writer, and a device may have no end.
 *
 * @throws Error When it is not a regular file, is too large, or cannot be read.
 */
export async function readRegularFile(path: string): Promise<string> {
  const stats = await stat(path)
  if (!stats.isFile()) throw new Error('it is not a regular file')
  if (stats.size > maxBytes) throw new Error('it is larger than 256 MiB')
  return readFile(path, 'utf8')
}
