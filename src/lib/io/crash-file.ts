import { mkdirSync, writeFileSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf, messageOf } from '../errors.ts'
import type { Logger } from '../logger.ts'
import { watchCrashes, type Crashes } from './crash.ts'

/** A long-running program of Probity, and where it keeps what outlives it. */
export interface ProgramPlace {
  /** Several programs may share a folder. Default: none, so that a crash is in the log alone. */
  readonly folder: string | undefined
  readonly program: 'solo' | 'exporter' | 'notifier'
  readonly log: Logger
  readonly now: () => number
}

/** What a program has to know of crashes. */
export interface KnownCrashes {
  readonly crashes: Crashes
  /** When the last run crashed, if it did. It is said once: a second start does not find it. */
  readonly lastCrash: Date | undefined
}

/** Leaves word of a crash for the next start, and finds what the last run has left. */
export async function openCrashes(place: ProgramPlace): Promise<KnownCrashes> {
  const { folder, program, log, now } = place
  if (folder === undefined) return { crashes: watchCrashes(log), lastCrash: undefined }
  const path = join(folder, `${program}-crashed`)
  const crashes = watchCrashes(log, () => {
    try {
      mkdirSync(folder, { recursive: true })
      writeFileSync(path, `${new Date(now()).toISOString()}\n`, { mode: 0o600 })
    } catch {
      // The log is all there is then.
    }
  })
  return { crashes, lastCrash: await take(path, log) }
}

async function take(path: string, log: Logger): Promise<Date | undefined> {
  try {
    const at = new Date((await readFile(path, 'utf8')).trim())
    await rm(path)
    if (Number.isNaN(at.getTime())) return undefined
    log.error(`the last run ended at ${at.toISOString()} because of a bug in Probity: its log says which`)
    return at
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') log.warn(`${path} cannot be read or removed: ${messageOf(error)}`)
    return undefined
  }
}
