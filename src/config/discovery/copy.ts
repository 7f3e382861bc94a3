import { join } from 'node:path'
import { z } from 'zod'
import type { KeptFile } from '../../lib/io/keeping.ts'
import { stateFile } from '../../lib/io/state-file.ts'
import { messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Labels } from './kind.ts'

const schema = z.record(
  z.string(),
  z.object({ savedAt: z.iso.datetime(), found: z.array(z.record(z.string(), z.string())) }),
)

/** An answer, and when it was given. */
export interface Kept {
  readonly found: readonly Labels[]
  readonly at: Date
}

/** The last good answers, for a start at which a source cannot be asked. */
export interface KeptAnswers {
  /** By the ids of the sources. Never rejects: what goes wrong is logged. */
  readonly load: () => Promise<ReadonlyMap<string, Kept>>
  readonly save: (answers: ReadonlyMap<string, Kept>) => Promise<void>
}

/** Keeps them in a folder, readable by its owner only. */
export function answersIn(folder: string, report: KeptFile | undefined, log: Logger): KeptAnswers {
  const file = stateFile(join(folder, 'discovered.json'), report && { report })
  return {
    async load() {
      const saved = await file
        .load((state) => schema.safeParse(state).data)
        .catch((error: unknown) => {
          log.warn(`the targets that were discovered last cannot be read: ${messageOf(error)}`)
        })
      return new Map(
        Object.entries(saved ?? {}).map(([id, { savedAt, found }]) => [id, { found, at: new Date(savedAt) }]),
      )
    },
    async save(answers) {
      const state = [...answers].map(([id, { found, at }]) => [id, { savedAt: at.toISOString(), found }])
      await file.save(Object.fromEntries(state)).catch((error: unknown) => {
        log.warn(`the targets that were discovered cannot be kept for a restart: ${messageOf(error)}`)
      })
    },
  }
}
