import { dirname, join, resolve } from 'node:path'
import { systemClock, type Clock } from '../lib/time/clock.ts'
import type { KeptFile } from '../lib/io/keeping.ts'
import type { Logger } from '../lib/logger.ts'
import type { Config } from './config.ts'
import { systemTimers, type Timers } from '../lib/time/timers.ts'
import { answersIn } from './discovery/copy.ts'
import { createDiscovering, type SourceStatus } from './discovery/discovering.ts'
import type { ForeignFormat } from './foreign.ts'
import { parseConfig, parseRemoteConfig } from './load/load.ts'
import type { LoadOptions } from './load/options.ts'
import { createReloadingStore, type ReloadingStore } from '../settings/reload/reloading.ts'
import { readFiles } from './load/read-files.ts'
import { isRemote } from './remote/address.ts'
import { lastGoodIn } from './remote/copy.ts'
import type { Documents } from './load/documents.ts'
import { documentsIn } from './remote/documents-copy.ts'
import { followDocuments } from './remote/documents.ts'
import { startPolling } from './remote/polling.ts'
import { createRemoteSource, type RemoteAccess } from './remote/source.ts'
import type { Environment } from '../settings/secrets.ts'
import { PieceCache } from '../settings/yaml/pieces.ts'

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
  /**
   * The folder in which the last good configuration of a URL, and what was discovered last, outlive the process. Default: they do
   * not.
   */
  readonly storagePath?: string
  /** Reports whether a file there can be read and written. Default: it is not reported. */
  readonly kept?: (file: string) => KeptFile
  /** Default: the machine's. */
  readonly timers?: Timers
}

export type { ReloadStatus } from '../settings/reload/reloading.ts'

/** The configuration in force, which follows its files and what is discovered. */
export interface ConfigStore extends ReloadingStore<Config> {
  /** What comes of each source of targets, and how its requests go. */
  readonly sources: () => readonly SourceStatus[]
  /** What the documents say that are named by a URL. */
  readonly documents: Documents
}

/**
 * Makes a store; nothing is read before `start`.
 *
 * @throws ProbityError `CONFIG_URL_INVALID` where the file is a URL that cannot be used.
 */
export function createConfigStore(options: ConfigStoreOptions): ConfigStore {
  const { clock = systemClock, timers = systemTimers, storagePath, log } = options
  const discovering = createDiscovering({
    clock,
    timers,
    log,
    ...(storagePath !== undefined && {
      kept: answersIn(storagePath, options.kept?.('discovered.json'), log),
    }),
    onChange: () => store.remake(),
  })
  const documents = followDocuments({
    clock,
    timers,
    log,
    ...(storagePath !== undefined && {
      kept: documentsIn(storagePath, options.kept?.('specifications.json'), log),
    }),
    onChange: () => store.remake(),
  })
  const { found } = discovering
  const sought: Sought = {
    found,
    documents: documents.fetched,
    isComplete: async (config) => {
      const all = await Promise.all([discovering.askNew(config), documents.askNew(config)])
      return !all.includes(false)
    },
  }
  const store = isRemote(options.file) ? createRemoteStore(options, sought) : createFileStore(options, sought)
  const follow = (config: Config): void => {
    discovering.follow(config)
    documents.follow(config)
  }
  store.onChange(follow)
  return {
    async start() {
      await store.start()
      // The last good one of a URL comes into force without a change.
      follow(store.current)
    },
    async stop() {
      await store.stop()
      await Promise.all([discovering.stop(), documents.stop()])
    },
    documents: documents.fetched,
    get current() {
      return store.current
    },
    get status() {
      return store.status
    },
    reload: store.reload,
    remake: store.remake,
    onChange: store.onChange,
    sources: () =>
      (store.current.discovered ?? []).map((one) => ({ ...one, ...discovering.health(one.source) })),
  }
}

const common = {
  describe: ({ targets }: Config) => ({ targets: targets.length }),
  what: 'configuration',
}

/** What a configuration is made of besides its text, and how it comes to be there. */
interface Sought extends Required<Pick<LoadOptions, 'found' | 'documents'>> {
  readonly isComplete: (config: Config) => Promise<boolean>
}

function createRemoteStore(
  options: ConfigStoreOptions,
  { isComplete, ...sought }: Sought,
): ReloadingStore<Config> {
  const { file, foreign = [], remote = {}, storagePath, timers = systemTimers, log } = options
  const pieces = new PieceCache()
  const source = createRemoteSource(file, remote)
  const lastGood =
    storagePath === undefined
      ? undefined
      : lastGoodIn({ folder: storagePath, location: file, report: options.kept?.('remote-config.json'), log })
  return createReloadingStore({
    ...options,
    ...common,
    read: source.read,
    parse: (sources, how) => parseRemoteConfig(sources, { ...how, ...sought, pieces, remote, foreign }),
    isComplete,
    watch: ({ onChange }) => startPolling({ source, timers, log, onChange }),
    ...(lastGood && {
      fallback: lastGood.load,
      accepted: (sources, now) => void lastGood.save(sources, now),
    }),
  })
}

function createFileStore(
  options: ConfigStoreOptions,
  { isComplete, ...sought }: Sought,
): ReloadingStore<Config> {
  const { foreign = [] } = options
  const pieces = new PieceCache()
  return createReloadingStore({
    ...options,
    read: readFiles,
    parse: (sources, how) => parseConfig(sources, { ...how, ...sought, pieces, foreign }),
    isComplete,
    ...common,
    // An expectation file that appears must be noticed.
    alsoWatched: [join(dirname(resolve(options.file)), '*.mm')],
  })
}
