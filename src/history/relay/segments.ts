import { mkdir, open, readdir, readFile, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from '../../lib/errors.ts'
import { lockFolder } from '../../lib/io/folder-lock.ts'

/** One file of lines. */
export interface Segment {
  readonly path: string
  lines: number
  bytes: number
}

export interface SegmentsOptions {
  readonly folder: string
  /** Lines of a file at most. */
  readonly mostLines: number
  /** Bytes of a file after which the next one begins. */
  readonly mostBytes: number
}

/**
 * Lines in numbered files of a folder, the oldest first. What is added is handed to the operating system: it outlives the process,
 * and a power cut may take the last of it.
 */
export interface Segments {
  /** The files that wait, in order; the last one may still grow. */
  readonly files: readonly Segment[]
  /**
   * @param lines Each without its line end.
   * @throws Whatever the file system said; some of the lines may be there then.
   */
  readonly append: (lines: readonly string[]) => Promise<void>
  /** The lines of a file, which does not grow any more. */
  readonly read: (segment: Segment) => Promise<readonly string[]>
  readonly remove: (segment: Segment) => Promise<void>
  readonly close: () => Promise<void>
}

const namePattern = /^\d{12}\.jsonl$/

/**
 * Opens a folder, with what an earlier process left in it.
 *
 * @throws ProbityError `FOLDER_LOCKED` when another process has it, and whatever the file system said.
 */
export async function openSegments({ folder, mostLines, mostBytes }: SegmentsOptions): Promise<Segments> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const lock = await lockFolder(folder)
  const names = (await readdir(folder)).filter((name) => namePattern.test(name)).sort()
  const files: Segment[] = []
  for (const name of names) {
    const path = join(folder, name)
    const text = await readFile(path, 'utf8')
    files.push({ path, lines: linesOf(text).length, bytes: Buffer.byteLength(text) })
  }
  let next = Number.parseInt(names.at(-1) ?? '0', 10) + 1
  let growing: { readonly segment: Segment; readonly file: FileHandle } | undefined

  async function grow(): Promise<{ readonly segment: Segment; readonly file: FileHandle }> {
    if (growing) return growing
    const path = join(folder, `${String(next++).padStart(12, '0')}.jsonl`)
    const file = await open(path, 'a', 0o600)
    const segment = { path, lines: 0, bytes: 0 }
    files.push(segment)
    return (growing = { segment, file })
  }

  async function end(): Promise<void> {
    const ended = growing
    growing = undefined
    await ended?.file.close()
  }

  return {
    files,
    async append(lines) {
      for (let left = lines; left.length > 0;) {
        const { segment, file } = await grow()
        const taken = firstOf(left, mostLines - segment.lines, mostBytes - segment.bytes)
        const text = taken.map((line) => `${line}\n`).join('')
        try {
          await file.appendFile(text)
        } catch (error) {
          // A piece of a line may be there: what comes next must not continue it.
          await end().catch(() => undefined)
          throw error
        }
        segment.lines += taken.length
        segment.bytes += Buffer.byteLength(text)
        left = left.slice(taken.length)
        if (segment.lines >= mostLines || segment.bytes >= mostBytes) await end()
      }
    },
    async read(segment) {
      if (growing?.segment === segment) await end()
      return linesOf(await readFile(segment.path, 'utf8'))
    },
    async remove(segment) {
      if (growing?.segment === segment) await end()
      const index = files.indexOf(segment)
      if (index !== -1) files.splice(index, 1)
      await rm(segment.path, { force: true }).catch((error: unknown) => {
        // What cannot be removed comes again after a start, which changes nothing at the receiver.
        if (codeOf(error) === undefined) throw error
      })
    },
    async close() {
      await end()
      await lock.release()
    },
  }
}

/** The first lines that are at most so many and have at most so many bytes; at least one. */
export function firstOf(lines: readonly string[], mostLines: number, mostBytes: number): readonly string[] {
  let bytes = 0
  const end = lines.findIndex((line, index) => {
    bytes += Buffer.byteLength(line) + 1
    return index > 0 && (index >= mostLines || bytes > mostBytes)
  })
  return end === -1 ? lines : lines.slice(0, end)
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}
