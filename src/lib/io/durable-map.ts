import { dirname } from 'node:path'
import { codeOf, messageOf, ProbityError } from '../errors.ts'
import { unwatched, type KeptFile } from './keeping.ts'
import { openLineFile, type LineFile } from './line-file.ts'
import { isDiskTrouble, patience, type PatienceOptions } from '../time/patience.ts'
import { applyChange, readMapFile, writeMapFile, type MapChange } from './map-lines.ts'
import { readRegularFile } from './regular-file.ts'
import { replaceFile } from './replace-file.ts'
import { setAside } from './set-aside.ts'
import { systemTimers } from '../time/timers.ts'
import { createDataFolder } from './data-folder.ts'

export type { MapChange } from './map-lines.ts'

/** A map of JSON values that survives the process: a change is on the disk before `put` resolves. */
export interface DurableMap {
  /** The value as it was put, as fresh JSON; undefined where there is none. */
  readonly get: (key: string) => unknown
  /** The entries whose key begins with a prefix, in the order in which their keys were first put. */
  readonly entries: (prefix: string) => [key: string, value: unknown][]
  /**
   * Makes several changes as one: after a crash either all of them are there or none is. Changes that arrive while others
   * are being written share one fsync. The map has them at once, whatever happens to the file.
   *
   * @throws ProbityError `STATE_UNWRITABLE` while the disk does not take them or hangs: they are written, with everything else
   * that is missing in the file, as soon as it does. `STATE_CLOSED`.
   */
  readonly put: (changes: readonly MapChange[]) => Promise<void>
  /** Finishes what is being written, then closes. Never rejects. Safe to call twice. */
  readonly close: () => Promise<void>
}

export interface DurableMapOptions extends PatienceOptions {
  readonly path: string
  /** Lines that may stand in the file beyond one per entry before it is rewritten. Default 5,000. */
  readonly slack?: number
  /** Notified of how writing goes. */
  readonly report?: KeptFile
  /** Milliseconds between two attempts at a file that cannot be written. Default 5,000. */
  readonly retryMs?: number
  /** Unix time in milliseconds. Default: the machine's. */
  readonly now?: () => number
}

interface Waiting {
  readonly line: string
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Opens the map in a file, which is made where it is missing, readable by its owner only. The file has one line per `put`,
 * and is rewritten, by an atomic rename, when most of its lines are outdated. There must be one process only. A disk
 * that is full does not keep it from being opened. A file that is damaged is kept under another name, and what can still be
 * read of it counts; one of a newer version is kept in the same way, and nothing of it counts.
 *
 * @throws ProbityError `STATE_UNREADABLE` when the file cannot be read, `STATE_UNWRITABLE` when it cannot be created.
 */
export async function openDurableMap(options: DurableMapOptions): Promise<DurableMap> {
  const {
    path,
    slack = 5000,
    report = unwatched,
    retryMs = 5000,
    now = Date.now,
    timers = systemTimers,
  } = options
  const patiently = patience(options)
  /** The JSON text of every value. It is the truth, and the file follows. */
  const live = new Map<string, string>()
  const read = readMapFile(await readText(path), live)
  if (read.damage !== undefined) report.setAside(await setAside(path, new Date(now())), read.damage)
  let { lines } = read
  let compactAt = 0
  let file: LineFile | undefined
  let waiting: Waiting[] = []
  /** Why the file lacks something that the map has: it has to be rewritten as a whole. */
  let behind: ProbityError | undefined
  let saving: Promise<void> | undefined
  let cancelRetry = (): void => undefined
  let closing: Promise<void> | undefined

  /** What it writes is the map of the moment in which it is called: all that waits is in it. */
  async function rewrite(): Promise<void> {
    const text = writeMapFile(live)
    const count = live.size
    await createDataFolder(dirname(path))
    await replaceFile(path, text, 0o600)
    await file?.close().catch(() => undefined)
    file = await openLineFile(path, { create: false })
    lines = count
    compactAt = 2 * count + slack
  }

  async function append(text: string, count: number): Promise<void> {
    await file?.append(text)
    lines += count
  }

  async function write(batch: readonly Waiting[]): Promise<void> {
    const text = batch.map(({ line }) => line).join('\n')
    if (behind ?? !file) return rewrite()
    if (lines <= compactAt) return append(text, batch.length).catch(rewrite)
    // A new file needs room next to the old one: where there is none, the old one may still have some.
    compactAt = lines + slack
    return rewrite().catch(() => append(text, batch.length))
  }

  async function saveWaiting(): Promise<void> {
    do {
      const batch = waiting
      waiting = []
      try {
        await patiently(() => write(batch))
        behind = undefined
        report.kept()
        for (const { resolve } of batch) resolve()
      } catch (cause) {
        const error = unwritable(path, cause)
        behind = error
        report.failed(cause)
        for (const { reject } of [...batch, ...waiting]) reject(error)
        waiting = []
      }
    } while (waiting.length > 0)
    saving = undefined
    if (behind) retryLater()
  }

  function save(): Promise<void> {
    cancelRetry()
    return (saving ??= saveWaiting())
  }

  function retryLater(): void {
    if (!closing) cancelRetry = timers.after(retryMs, () => void save())
  }

  await save()
  if (behind && !isDiskTrouble(behind.cause)) {
    cancelRetry()
    throw behind
  }
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
      const line = JSON.stringify(changes.map(([key, value]) => (value === undefined ? [key] : [key, value])))
      for (const change of changes) applyChange(live, change)
      if (behind) throw behind
      await new Promise<void>((resolve, reject) => {
        waiting.push({ line, resolve, reject })
        void save()
      })
    },
    close() {
      closing ??= (async () => {
        cancelRetry()
        await saving
        if (behind) await save()
        await patiently(() => file?.close() ?? Promise.resolve()).catch(() => undefined)
      })()
      return closing
    },
  }
}

function unwritable(path: string, cause: unknown): ProbityError {
  return new ProbityError('STATE_UNWRITABLE', `cannot write the state file ${path}: ${messageOf(cause)}`, {
    cause,
  })
}

async function readText(path: string): Promise<string | undefined> {
  return readRegularFile(path).catch((cause: unknown) => {
    if (codeOf(cause) === 'ENOENT') return undefined
    throw new ProbityError('STATE_UNREADABLE', `cannot read the state file ${path}: ${messageOf(cause)}`, {
      cause,
    })
  })
}
