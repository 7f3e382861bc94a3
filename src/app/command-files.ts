import { join } from 'node:path'
import type { ChannelDependencies } from '../channels/dependencies.ts'
import type { DurableMap } from '../lib/io/durable-map.ts'
import type { Keeping } from '../lib/io/keeping.ts'
import { openLineFile } from '../lib/io/line-file.ts'
import type { Logger } from '../lib/logger.ts'
import { patience } from '../lib/time/patience.ts'

export interface CommandFilesOptions {
  readonly storagePath: string
  /** Where it is kept when commands ran. */
  readonly map: DurableMap
  readonly keeping: Keeping
  readonly log: Logger
}

/** What command channels keep. */
export interface CommandFiles extends Pick<ChannelDependencies, 'store' | 'audit'> {
  readonly close: () => Promise<void>
}

/** Opens the audit log of commands, and their part of the state file. */
export async function openCommandFiles(options: CommandFilesOptions): Promise<CommandFiles> {
  const { storagePath, map, keeping, log } = options
  const name = 'command-audit.log'
  const file = await openLineFile(join(storagePath, name))
  const report = keeping.file(name)
  const patiently = patience()
  return {
    store: {
      get(key) {
        const value = map.get(key)
        return Promise.resolve(typeof value === 'string' ? value : undefined)
      },
      async set(key, value) {
        const before = map.get(key)
        try {
          await map.put([[key, value]])
        } catch (error) {
          // A run that is not counted on the disk is not made: it could be made without end by a command that ends Probity.
          await map.put([[key, before]]).catch(() => undefined)
          throw error
        }
      },
    },
    async audit(entry) {
      const line = JSON.stringify(entry)
      try {
        await patiently(() => file.append(line))
        report.kept()
      } catch (error) {
        report.failed(error)
        // What was done is known anyway, and a run that succeeded is not reported as one that failed.
        log.warn({ audit: entry }, `${name} cannot be written: logging its entry here instead`)
      }
    },
    close: () => patiently(() => file.close()).catch(() => undefined),
  }
}
