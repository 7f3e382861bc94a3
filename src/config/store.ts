import { dirname, join, resolve } from 'node:path'
import type { Clock } from '../lib/time/clock.ts'
import type { KeptFile } from '../lib/io/keeping.ts'
import type { Logger } from '../lib/logger.ts'
import type { Config } from './config.ts'
import { systemTimers, type Timers } from '../lib/time/timers.ts'
import type { ForeignFormat } from './foreign.ts'
import { parseConfig, parseRemoteConfig } from './load/load.ts'
import { createReloadingStore, type ReloadingStore } from '../settings/reload/reloading.ts'
import { isRemote } from './remote/address.ts'
import { lastGoodIn } from './remote/copy.ts'
import { startPolling } from './remote/polling.ts'
import { createRemoteSource, type RemoteAccess } from './remote/source.ts'
import type { Environment } from '../settings/secrets.ts'
import { PieceCache } from '../settings/yaml/pieces.ts'
import { readTargetSources } from '../settings/sources.ts'

export interface ConfigStoreOptions {
  /** A file, a directory, or a URL. */
  readonly file: string
  /** What `${NAME}` is read from. */
  readonly env: Environment
  /** The formats of other programs that are read too. Default: none. */
  readonly foreign?: readonly ForeignFormat[]
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
  /** For a URL: notified of how that file can be read and written. Default: nobody is. */
  readonly kept?: KeptFile
  /** For a URL: default the machine's. */
  readonly timers?: Timers
}

export type { ReloadStatus } from '../settings/reload/reloading.ts'

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
  const { file, foreign = [], remote = {}, storagePath, timers = systemTimers, log } = options
  const pieces = new PieceCache()
  const source = createRemoteSource(file, remote)
  const lastGood =
    storagePath === undefined
      ? undefined
      : lastGoodIn({ folder: storagePath, location: file, report: options.kept, log })
  return createReloadingStore({
    ...options,
    ...common,
    read: source.read,
    parse: (sources, how) => parseRemoteConfig(sources, { ...how, pieces, remote, foreign }),
    watch: ({ onChange }) => startPolling({ source, timers, log, onChange }),
    ...(lastGood && {
      fallback: lastGood.load,
      accepted: (sources, now) => void lastGood.save(sources, now),
    }),
  })
}

function createFileStore(options: ConfigStoreOptions): ConfigStore {
  const { foreign = [] } = options
  const pieces = new PieceCache()
  return createReloadingStore({
    ...options,
    read: readTargetSources,
    parse: (sources, how) => parseConfig(sources, { ...how, pieces, foreign }),
    ...common,
    // An expectation file that appears must be noticed.
    alsoWatched: [join(dirname(resolve(options.file)), '*.mm')],
  })
}
