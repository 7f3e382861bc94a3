import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf, messageOf, ProbityError } from '../errors.ts'
import { unwatched, type KeptFile } from './keeping.ts'
import { patience, type PatienceOptions } from '../time/patience.ts'
import { readRegularFile } from './regular-file.ts'
import { replaceFile } from './replace-file.ts'
import { setAside } from './set-aside.ts'
import { createDataFolder } from './data-folder.ts'

/** Where something is kept, as JSON, that outlives the process. */
export interface StateFile {
  /**
   * What was last saved; nothing where there is no file. A file that is damaged, or that `parse` does not know, is kept under
   * another name (`set-aside.ts`), reported, and counts as none.
   *
   * @param parse Validates it. Undefined: it is not a state of this version.
   * @throws ProbityError `STATE_UNREADABLE`
   */
  readonly load: <T>(parse: (state: unknown) => T | undefined) => Promise<T | undefined>
  /**
   * Replaces it as a whole; on the disk once it resolves.
   *
   * @throws ProbityError `STATE_UNWRITABLE`, also where the disk hangs; what was saved before is there then.
   */
  readonly save: (state: unknown) => Promise<void>
}

export interface StateFileOptions extends PatienceOptions {
  /** Notified of how every `save` goes. */
  readonly report?: KeptFile
  /** Unix time in milliseconds. Default: the machine's. */
  readonly now?: () => number
}

/** A state file at a path, readable by its owner only. Its folder is made where it is missing. */
export function stateFile(
  path: string,
  { report = unwatched, now = Date.now, ...options }: StateFileOptions = {},
): StateFile {
  const patiently = patience(options)
  return {
    async load(parse) {
      const text = await readRegularFile(path).catch((cause: unknown) => {
        if (codeOf(cause) === 'ENOENT') return undefined
        throw new ProbityError('STATE_UNREADABLE', `cannot read ${path}: ${messageOf(cause)}`, { cause })
      })
      if (text === undefined) return undefined
      const state = parseJson(text)
      const known = state === undefined ? undefined : parse(state)
      if (known === undefined) {
        const reason = state === undefined ? 'is damaged' : 'was written by another version, or is damaged'
        report.setAside(await setAside(path, new Date(now())), reason)
        // Otherwise the next start would find it again, if nothing has to be saved until then.
        await rm(path, { force: true }).catch(() => undefined)
      }
      return known
    },
    async save(state) {
      const text = JSON.stringify(state)
      try {
        await patiently(async () => {
          await createDataFolder(dirname(path))
          await replaceFile(path, text, 0o600)
        })
        report.kept()
      } catch (cause) {
        report.failed(cause)
        throw new ProbityError('STATE_UNWRITABLE', `cannot write ${path}: ${messageOf(cause)}`, { cause })
      }
    },
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
