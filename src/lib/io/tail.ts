import { open } from 'node:fs/promises'
import { codeOf } from '../errors.ts'

/** The last whole lines of a file. */
export interface Tail {
  /** Without their line ends, the oldest first. Empty lines are left out. */
  readonly lines: readonly string[]
  /** Bytes of the file that were read. */
  readonly bytes: number
}

/**
 * Reads the end of a text file. A line that begins before it is left out; a last line without its line end is not. A file
 * that is missing has no lines.
 *
 * @param maxBytes How far back to read at most.
 */
export async function tailLines(path: string, maxBytes: number): Promise<Tail> {
  let file
  try {
    file = await open(path, 'r')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { lines: [], bytes: 0 }
    throw error
  }
  try {
    const { size } = await file.stat()
    const length = Math.min(size, maxBytes)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length)
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n')
    if (length < size) lines.shift()
    return { lines: lines.filter((line) => line !== ''), bytes: bytesRead }
  } finally {
    await file.close()
  }
}
