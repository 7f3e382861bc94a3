import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf, messageOf, ProbityError } from '../errors.ts'
import { unwatched, type KeptFile } from './keeping.ts'
import { patience, type PatienceOptions } from '../time/patience.ts'
import { replaceFile } from './replace-file.ts'

/** Where something is kept, as JSON, that outlives the process. */
export interface StateFile {
  /**
   * @returns What was last saved, to be validated; nothing where there is none, or where it is not JSON.
   * @throws ProbityError `STATE_UNREADABLE`
   */
  readonly load: () => Promise<unknown>
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
}

/** A state file at a path, readable by its owner only. Its folder is made where it is missing. */
export function stateFile(
  path: string,
  { report = unwatched, ...options }: StateFileOptions = {},
): StateFile {
  const patiently = patience(options)
  return {
    async load() {
      const text = await readFile(path, 'utf8').catch((cause: unknown) => {
        if (codeOf(cause) === 'ENOENT') return ''
        throw new ProbityError('STATE_UNREADABLE', `cannot read ${path}: ${messageOf(cause)}`, { cause })
      })
      try {
        return JSON.parse(text) as unknown
      } catch {
        return undefined
      }
    },
    async save(state) {
      const text = JSON.stringify(state)
      try {
        await patiently(async () => {
          await mkdir(dirname(path), { recursive: true })
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
