import { dirname, join, resolve } from 'node:path'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import type { Config } from './config.ts'
import { systemTimers, type Timers } from '../lib/timers.ts'
import { parseConfig, parseRemoteConfig } from './load.ts'
import { createReloadingStore, type ReloadingStore } from './reloading.ts'
import { isRemote } from './remote/address.ts'
import { lastGoodIn } from './remote/copy.ts'
import { startPolling } from './remote/polling.ts'
import { createRemoteSource, type RemoteAccess } from './remote/source.ts'
import type { Environment } from './secrets.ts'
import { readTargetSources } from './sources.ts'
import { PieceCache } from './yaml-pieces.ts'

export interface ConfigStoreOptions {
  /** A file, a directory, or a URL. */
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
  /** For a URL: how it is asked for. Default: without a token. */
  readonly remote?: RemoteAccess
  /** For a URL: the folder in which the last good configuration outlives the process. Default: it does not. */
  readonly storagePath?: string
  /** For a URL: default the machine's. */
  readonly timers?: Timers
}

export type { ReloadStatus } from './reloading.ts'

/** The configuration in force, which follows its files. */
export type ConfigStore = ReloadingStore<Config>

/**
 * Makes a store; nothing is read before `start`.
 *
 * @throws ProbityError `CONFIG_URL_INVALID` where the file is a URL that cannot be used.
 */
export function createConfigStore(options: ConfigStoreOptions): ConfigStore {
  return isRemote(options.file) ? createRemoteStore(options) : createFileStore(options)
}

const common = {
  describe: ({ targets }: Config) => ({ targets: targets.length }),
  what: 'configuration',
}

function createRemoteStore(options: ConfigStoreOptions): ConfigStore {
  const { file, remote = {}, storagePath, timers = systemTimers, log } = options
  const pieces = new PieceCache()
  const source = createRemoteSource(file, remote)
  const lastGood = storagePath === undefined ? undefined : lastGoodIn(storagePath, file, log)
  return createReloadingStore({
    ...options,
    ...common,
    read: source.read,
    parse: (sources, how) => parseRemoteConfig(sources, { ...how, pieces, remote }),
    watch: ({ onChange }) => startPolling({ source, timers, log, onChange }),
    ...(lastGood && {
      fallback: lastGood.load,
      accepted: (sources, now) => void lastGood.save(sources, now),
    }),
  })
}

function createFileStore(options: ConfigStoreOptions): ConfigStore {
  const pieces = new PieceCache()
  return createReloadingStore({
    ...options,
    read: readTargetSources,
    parse: (sources, how) => parseConfig(sources, { ...how, pieces }),
    ...common,
    // An expectation file that appears is to be noticed.
    alsoWatched: [join(dirname(resolve(options.file)), '*.mm')],
  })
}
