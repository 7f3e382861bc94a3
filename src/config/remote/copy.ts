import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { KeptFile } from '../../lib/io/keeping.ts'
import { stateFile } from '../../lib/io/state-file.ts'
import { parseConfigUrl, shownConfigUrl } from './address.ts'
import { sourcesOf } from './source.ts'
import type { Saved } from '../../settings/reload/reloading.ts'
import type { Sources } from '../../settings/sources.ts'

const schema = z.object({ url: z.string(), savedAt: z.iso.datetime(), text: z.string() })

/** The last configuration that was good, for a start at which its server cannot be reached. */
export interface LastGood {
  /** Nothing where none of this URL was kept. */
  readonly load: () => Promise<Saved | undefined>
  /** Never rejects: what goes wrong is logged. */
  readonly save: (sources: Sources, now: number) => Promise<void>
}

export interface LastGoodOptions {
  readonly folder: string
  /** The URL of the configuration. */
  readonly location: string
  /** Notified of how the file can be read and written. */
  readonly report?: KeptFile | undefined
  readonly log: Logger
}

/**
 * Keeps the last good configuration of a URL in a folder, readable by its owner only: it may hold credentials.
 */
export function lastGoodIn({ folder, location, report, log }: LastGoodOptions): LastGood {
  const url = parseConfigUrl(location)
  const digest = createHash('sha256').update(url.href).digest('hex')
  const file = stateFile(join(folder, 'remote-config.json'), report && { report })
  return {
    async load() {
      const saved = await file
        .load((state) => schema.safeParse(state).data)
        .catch((error: unknown) => {
          log.warn(`the last good configuration cannot be read: ${messageOf(error)}`)
        })
      if (saved?.url !== digest) return undefined
      const { text, savedAt } = saved
      return { sources: sourcesOf(shownConfigUrl(url), text), savedAt: new Date(savedAt) }
    },
    async save({ sources: [source] }, now) {
      if (!source) return
      const state = { url: digest, savedAt: new Date(now).toISOString(), text: source.text }
      await file.save(state).catch((error: unknown) => {
        log.warn(`the configuration cannot be kept for a restart: ${messageOf(error)}`)
      })
    },
  }
}
