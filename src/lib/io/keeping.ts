import { basename } from 'node:path'
import { codeOf, messageOf } from '../errors.ts'
import type { Logger } from '../logger.ts'

/** Notified of how the writing of one file goes. */
export interface KeptFile {
  /** Everything is in the file. */
  readonly kept: () => void
  /** Something is not, and is in memory only. */
  readonly failed: (error: unknown) => void
  /** It could not be read, and is at another path now. */
  readonly setAside: (path: string, reason: string) => void
}

/** A file that cannot be written now. */
export interface NotKept {
  /** Its name, without its folder. */
  readonly file: string
  readonly since: Date
  /** Without a path, for everyone who may see the status page: `ENOSPC: no space left on device`. */
  readonly reason: string
}

/** A file that could not be read at the start, and was not overwritten. */
export interface DamagedFile {
  /** Its name, without its folder. */
  readonly file: string
  /** The name that it has now, without its folder. */
  readonly keptAs: string
}

/** Knows which files can be written. What cannot be stored is still in memory, and Probity continues. */
export interface Keeping {
  /** Makes a file known. Unless reported otherwise, it counts as stored. */
  readonly file: (name: string) => KeptFile
  /** Every file that is known. */
  readonly files: () => readonly string[]
  readonly notKept: () => readonly NotKept[]
  /** For a file of which only that is known: it could not be read, and is at another path now. */
  readonly reader: (name: string) => KeptFile
  /** What could not be read at the start. */
  readonly damaged: () => readonly DamagedFile[]
}

/** The log gets one line when a file cannot be written any more, and one when it can again. */
export function createKeeping({ log, now }: { log: Logger; now: () => number }): Keeping {
  const files = new Map<string, NotKept | undefined>()
  const damaged: DamagedFile[] = []
  const lost = (name: string) => (path: string, reason: string) => {
    log.error({ file: name }, `${name} ${reason}: it is kept as ${path}, and what cannot be read is missing`)
    damaged.push({ file: name, keptAs: basename(path) })
  }
  return {
    file(name) {
      if (!files.has(name)) files.set(name, undefined)
      return {
        kept() {
          if (files.get(name))
            log.info({ file: name }, `${name} can be written again: nothing is missing from it`)
          files.set(name, undefined)
        },
        failed(error) {
          const known = files.get(name)
          if (!known)
            log.warn(
              { file: name },
              `${name} cannot be written, its content is in memory only: ${messageOf(error)}`,
            )
          files.set(name, { file: name, since: known?.since ?? new Date(now()), reason: reasonOf(error) })
        },
        setAside: lost(name),
      }
    },
    files: () => [...files.keys()],
    notKept: () => [...files.values()].filter((file) => file !== undefined),
    reader: (name) => ({ ...unwatched, setAside: lost(name) }),
    damaged: () => damaged,
  }
}

/** One line for people. */
export function describeNotKept({ file, since, reason }: NotKept): string {
  return `${file} could not be written since ${since.toISOString()}: ${reason}`
}

/** One line for people. */
export function describeDamaged({ file, keptAs }: DamagedFile): string {
  return `${file} could not be read at the start, and is kept as ${keptAs}`
}

/** For those who do not want to know. */
export const unwatched: KeptFile = {
  kept: () => undefined,
  failed: () => undefined,
  setAside: () => undefined,
}

/** What Node.js says holds the code and its meaning; the system call and the path follow a comma. */
function reasonOf(error: unknown): string {
  const message = messageOf(error)
  const [said] = /\bE[A-Z]+: [^,]+/.exec(message) ?? []
  return said ?? (codeOf(error) === 'STATE_SLOW' ? message : (codeOf(error) ?? 'the reason is not known'))
}
