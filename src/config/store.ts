import { dirname, join, resolve } from 'node:path'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import type { Config } from './config.ts'
import { parseConfig } from './load.ts'
import { createReloadingStore, type ReloadingStore } from './reloading.ts'
import type { Environment } from './secrets.ts'
import { readSources } from './sources.ts'
import { PieceCache } from './yaml-pieces.ts'

export interface ConfigStoreOptions {
  /** A file or a directory. */
  readonly file: string
  /** What `${NAME}` is read from. */
  readonly env: Environment
  readonly log: Logger
  /** Default: the machine's. */
  readonly clock?: Clock
  /** Milliseconds between two looks at the files where no event arrives. Default 2,000. */
  readonly pollMs?: number
  /** Milliseconds without a change after which a changed file counts as written. Default 100. */
  readonly settleMs?: number
}

export type { ReloadStatus } from './reloading.ts'

/** The configuration in force, which follows its files. */
export type ConfigStore = ReloadingStore<Config>

/** Makes a store; nothing is read before `start`. */
export function createConfigStore(options: ConfigStoreOptions): ConfigStore {
  const pieces = new PieceCache()
  return createReloadingStore({
    ...options,
    read: readSources,
    parse: (sources, how) => parseConfig(sources, { ...how, pieces }),
    describe: ({ targets }) => ({ targets: targets.length }),
    what: 'configuration',
    // An expectation file that appears is to be noticed.
    alsoWatched: [join(dirname(resolve(options.file)), '*.mm')],
  })
}
