import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
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

/**
 * Keeps the last good configuration of a URL in a folder, readable by its owner only: it may hold credentials.
 *
 * @param location Its URL.
 */
export function lastGoodIn(folder: string, location: string, log: Logger): LastGood {
  const url = parseConfigUrl(location)
  const digest = createHash('sha256').update(url.href).digest('hex')
  const file = stateFile(join(folder, 'remote-config.json'))
  return {
    async load() {
      const state = await file.load().catch((error: unknown) => {
        log.warn(`the last good configuration cannot be read: ${messageOf(error)}`)
      })
      const saved = schema.safeParse(state)
      if (!saved.success || saved.data.url !== digest) return undefined
      const { text, savedAt } = saved.data
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
