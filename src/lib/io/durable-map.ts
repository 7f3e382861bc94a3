import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf, messageOf, ProbityError } from '../errors.ts'
import { openLineFile, type LineFile } from './line-file.ts'
import { replaceFile } from './replace-file.ts'

/** A change of one entry; without a value it is removed. */
export type MapChange = readonly [key: string, value?: unknown]

/** A map of JSON values that survives the process: a change is on the disk before `put` resolves. */
export interface DurableMap {
  /** The value as it was put, as fresh JSON; undefined where there is none. */
  readonly get: (key: string) => unknown
  /** The entries whose key begins with a prefix, in the order in which their keys were first put. */
  readonly entries: (prefix: string) => [key: string, value: unknown][]
  /**
   * Makes several changes as one: after a crash either all of them are there or none is. Changes that arrive while others
   * are being written share one fsync.
   *
   * @throws Whatever the file system said; nothing is changed then.
   */
  readonly put: (changes: readonly MapChange[]) => Promise<void>
  /** Finishes what is being written, then closes. Safe to call twice. */
  readonly close: () => Promise<void>
}

export interface DurableMapOptions {
  readonly path: string
  /** Lines that may stand in the file beyond one per entry before it is written anew. Default 5,000. */
  readonly slack?: number
}

/**
 * Opens the map in a file, which is made where it is missing, readable by its owner only. The file has one line per `put`,
 * and is written anew, by an atomic rename, when most of its lines are of the past. There must be one process only.
 *
 * @throws ProbityError `STATE_UNREADABLE` when the file cannot be read, `STATE_UNWRITABLE` when it cannot be written.
 */
export async function openDurableMap({ path, slack = 5000 }: DurableMapOptions): Promise<DurableMap> {
  /** The JSON text of every value. */
  const live = new Map<string, string>()
  let lines = await replay(path, live)
  let file: LineFile
  let work: Promise<void> = Promise.resolve()
  let closing: Promise<void> | undefined
  // Always written anew at the start: what an earlier process left torn, or twice, is gone.
  try {
    await rewrite()
    file = await openLineFile(path)
  } catch (cause) {
    throw new ProbityError('STATE_UNWRITABLE', `cannot write the state file ${path}: ${messageOf(cause)}`, {
      cause,
    })
  }

  async function rewrite(): Promise<void> {
    await mkdir(dirname(path), { recursive: true })
    const text = [...live].map(([key, value]) => `[[${JSON.stringify(key)},${value}]]\n`).join('')
    await replaceFile(path, text, 0o600)
    lines = live.size
  }

  async function write(changes: readonly MapChange[]): Promise<void> {
    await file.append(
      JSON.stringify(changes.map(([key, value]) => (value === undefined ? [key] : [key, value]))),
    )
    apply(changes)
    lines++
  }

  function apply(changes: readonly MapChange[]): void {
    for (const [key, value] of changes) {
      if (value === undefined) live.delete(key)
      else live.set(key, JSON.stringify(value))
    }
  }

  /** Between writes only: a line that is written meanwhile would be in neither file. */
  async function compact(): Promise<void> {
    if (lines <= 2 * live.size + slack) return
    await file.close()
    await rewrite().finally(async () => {
      file = await openLineFile(path)
    })
  }

  let writing = new Set<Promise<void>>()
  return {
    get(key) {
      const text = live.get(key)
      return text === undefined ? undefined : (JSON.parse(text) as unknown)
    },
    entries: (prefix) =>
      [...live].flatMap(([key, text]): [string, unknown][] =>
        key.startsWith(prefix) ? [[key, JSON.parse(text)]] : [],
      ),
    async put(changes) {
      if (closing) throw new ProbityError('STATE_CLOSED', `the state file ${path} is closed`)
      if (lines > 2 * live.size + slack) {
        const before = writing
        writing = new Set()
        const turn = work.then(async () => {
          await Promise.allSettled(before)
          await compact()
        })
        work = turn.catch(() => undefined)
      }
      const written = work.then(() => write(changes))
      writing.add(written)
      const mine = writing
      await written.finally(() => mine.delete(written))
    },
    close() {
      closing ??= (async () => {
        await work
        await Promise.allSettled(writing)
        await file.close()
      })()
      return closing
    },
  }
}

/** Reads what is there; a line that a crash has torn is passed over. */
async function replay(path: string, live: Map<string, string>): Promise<number> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    if (codeOf(cause) === 'ENOENT') return ''
    throw new ProbityError('STATE_UNREADABLE', `cannot read the state file ${path}: ${messageOf(cause)}`, {
      cause,
    })
  })
  const lines = text.split('\n').filter((line) => line !== '')
  for (const line of lines) {
    for (const [key, value] of parseLine(line)) {
      if (value === undefined) live.delete(key)
      else live.set(key, JSON.stringify(value))
    }
  }
  return lines.length
}

function parseLine(line: string): MapChange[] {
  try {
    const changes: unknown = JSON.parse(line)
    return Array.isArray(changes) ? changes.filter(isChange) : []
  } catch {
    return []
  }
}

function isChange(change: unknown): change is MapChange {
  return Array.isArray(change) && typeof change[0] === 'string'
}
