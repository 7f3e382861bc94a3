import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { KeptFile } from '../../lib/io/keeping.ts'
import { stateFile } from '../../lib/io/state-file.ts'

/** By a digest of the URL, which may be what gives access to it. */
const schema = z.record(z.string(), z.object({ savedAt: z.iso.datetime(), text: z.string() }))

/** The documents that configurations in force were made of, for a start at which they cannot be fetched. */
export interface KeptDocuments {
  /** Nothing where none of this URL was kept. Never rejects: what goes wrong is logged. */
  readonly load: (url: string) => Promise<string | undefined>
  readonly save: (texts: ReadonlyMap<string, string>, now: number) => Promise<void>
}

/** Keeps them in a folder, readable by its owner only. */
export function documentsIn(folder: string, report: KeptFile | undefined, log: Logger): KeptDocuments {
  const file = stateFile(join(folder, 'specifications.json'), report && { report })
  let last: string | undefined
  return {
    async load(url) {
      const saved = await file
        .load((state) => schema.safeParse(state).data)
        .catch((error: unknown) => {
          log.warn(`the specifications that were fetched last cannot be read: ${messageOf(error)}`)
        })
      return saved?.[digest(url)]?.text
    },
    async save(texts, now) {
      const content = JSON.stringify([...texts])
      if (content === last) return
      last = content
      const savedAt = new Date(now).toISOString()
      const state = [...texts].map(([url, text]) => [digest(url), { savedAt, text }])
      await file.save(Object.fromEntries(state)).catch((error: unknown) => {
        log.warn(`the specifications that were fetched cannot be kept for a restart: ${messageOf(error)}`)
      })
    },
  }
}

function digest(url: string): string {
  return createHash('sha256').update(url).digest('hex')
}
