import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { systemClock, type Clock } from '../../lib/time/clock.ts'
import { codeOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import { ConfigError } from '../errors.ts'
import { readSecretFile, type Environment } from '../secrets.ts'
import type { Sources } from '../sources.ts'
import { startWatcher, type Watcher, type WatchOptions } from './watch.ts'

/** What a configuration can be made of. */
export interface LoadedWith {
  readonly env: Environment
  readonly readSecret: (path: string) => string
}

export interface ReloadingOptions<C> {
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
  readonly read: (path: string) => Promise<Sources>
  readonly parse: (sources: Sources, options: LoadedWith) => C
  /**
   * Whether all is there that the configuration is made of; otherwise, it is made once more when this resolves. Default: it is.
   */
  readonly isComplete?: (config: C) => Promise<boolean>
  /** What a log line says about a configuration that came into force. */
  readonly describe: (config: C) => object
  /** What the log calls it. */
  readonly what: string
  /** What else is watched: files, directories, or `DIRECTORY/*.EXTENSION`, the names of such files. */
  readonly alsoWatched?: readonly string[]
  /** What notices a change. Default: watching the files. */
  readonly watch?: (options: WatchOptions) => Watcher
  /** What is used where the first load fails. Default: nothing, so that the start fails. */
  readonly fallback?: () => Promise<Saved | undefined>
  /** Called with the sources of each configuration that comes into force. */
  readonly accepted?: (sources: Sources, now: number) => void
}

/** A configuration that was good at some time. */
export interface Saved {
  readonly sources: Sources
  readonly savedAt: Date
}

/** How the last reload went. */
export interface ReloadStatus {
  readonly successful: boolean
  readonly lastSuccess: Date
  /** Present exactly when the last reload failed. */
  readonly error?: unknown
}

/** A configuration in force, which follows its files. */
export interface ReloadingStore<C> {
  /**
   * Loads the configuration and watches its files from then on.
   *
   * @throws {@link ConfigError} when it is invalid.
   */
  readonly start: () => Promise<void>
  /** Ends the watching. Safe to call twice. */
  readonly stop: () => Promise<void>
  /** @throws Error before `start`. */
  readonly current: C
  /** @throws Error before `start`. */
  readonly status: ReloadStatus
  /**
   * Loads the configuration again, after those loads that have already begun.
   *
   * @throws {@link ConfigError} when it is invalid: the one in force stays.
   */
  readonly reload: () => Promise<void>
  /**
   * Makes the configuration in force once more of what it was read from, because something else that it is made of has changed.
   * Never rejects: where it fails, the one in force stays.
   */
  readonly remake: () => Promise<void>
  /**
   * Calls a listener with each configuration that comes into force; not with one that says the same as the last.
   *
   * @returns Ends it.
   */
  readonly onChange: (listener: (config: C) => void) => () => void
}

interface Loaded<C> {
  readonly config: C
  readonly sources: Sources
  /** Of every text that it was made of. */
  readonly digest: string
}

/** What a configuration says of the files that it was made of. */
interface Followed {
  readonly files: readonly string[]
  /** Of files that are neither sources nor secrets. Default: there are none. */
  readonly texts?: readonly string[]
}

/** Makes a store; nothing is read before `start`. */
export function createReloadingStore<C extends Followed>(options: ReloadingOptions<C>): ReloadingStore<C> {
  const { file, log, clock = systemClock, pollMs = 2000, settleMs = 100, describe, what } = options
  const { alsoWatched = [], watch = startWatcher } = options
  const listeners = new Set<(config: C) => void>()
  let loaded: Loaded<C> | undefined
  let status: ReloadStatus | undefined
  let watcher: Watcher | undefined
  let lastLoad: Promise<void> = Promise.resolve()
  /** Of the last attempt, so that a secret file that was missing is noticed when it appears. */
  let triedFiles: readonly string[] = []

  const started = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('the configuration store is not started')
    return value
  }
  const paths = (): string[] => [
    resolve(file),
    ...alsoWatched,
    ...triedFiles,
    ...(loaded?.config.files ?? []),
  ]

  async function load(): Promise<void> {
    for (;;) {
      const marked = new Set(paths())
      await watcher?.mark()
      const attempt = await loadWithDigest(options).catch((error: unknown) => ({ error }))
      if ('error' in attempt) triedFiles = attempt.error instanceof ConfigError ? attempt.error.files : []
      else triedFiles = attempt.config.files
      // A secret file that is named for the first time was read before it was marked: what changed in between would
      // never be noticed.
      if (paths().some((path) => !marked.has(path))) continue
      if ('error' in attempt) reject(attempt.error)
      else accept(attempt)
      return
    }
  }

  function accept(next: Loaded<C>): void {
    status = { successful: true, lastSuccess: new Date(clock.now()) }
    replace(next)
  }

  function replace(next: Loaded<C>): void {
    if (next.digest === loaded?.digest) return
    loaded = next
    options.accepted?.(next.sources, clock.now())
    for (const listener of listeners) notify(listener, next.config)
  }

  function reject(error: unknown): never {
    if (status !== undefined) status = { successful: false, lastSuccess: status.lastSuccess, error }
    throw error
  }

  async function loadFirst(): Promise<void> {
    try {
      await load()
    } catch (error) {
      const saved = await options.fallback?.()
      if (!saved) throw error
      loaded = await makeSaved(saved, error)
      status = { successful: false, lastSuccess: saved.savedAt, error }
      log.error(
        { ...failure(error), savedAt: saved.savedAt },
        `${what} cannot be loaded, the last good one is in force`,
      )
    }
  }

  async function makeSaved({ sources }: Saved, error: unknown): Promise<Loaded<C>> {
    try {
      return await make(options, sources)
    } catch {
      throw error
    }
  }

  function notify(listener: (config: C) => void, config: C): void {
    try {
      listener(config)
    } catch (error) {
      log.error({ err: error }, `a listener of the ${what} failed`)
    }
  }

  async function reload(): Promise<void> {
    const before = { loaded, rejected: status?.successful === false }
    const turn = lastLoad.then(load)
    lastLoad = turn.catch(() => undefined)
    try {
      await turn
      if (before.rejected || before.loaded !== loaded) {
        log.info(describe(started(loaded).config), `${what} loaded`)
      }
    } catch (error) {
      log.error(failure(error), `${what} rejected, the old one stays in force`)
      throw error
    }
  }

  async function remakeNow(): Promise<void> {
    if (loaded === undefined) return
    try {
      replace(await make(options, loaded.sources))
    } catch (error) {
      log.error(failure(error), `${what} cannot be made again, the old one stays in force`)
    }
  }

  return {
    async start() {
      if (watcher !== undefined) return
      watcher = watch({
        paths,
        onChange: () => reload().catch(() => undefined),
        log,
        pollMs,
        settleMs,
      })
      lastLoad = loadFirst()
      try {
        await lastLoad
      } catch (error) {
        await watcher.stop()
        watcher = undefined
        throw error
      } finally {
        lastLoad = lastLoad.catch(() => undefined)
      }
    },
    async stop() {
      await watcher?.stop()
      await lastLoad
    },
    get current() {
      return started(loaded).config
    },
    get status() {
      return started(status)
    },
    reload,
    remake() {
      lastLoad = lastLoad.then(remakeNow)
      return lastLoad
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** What a log line says about a failed load: the mistakes one by one, or the stack of what should not have happened. */
function failure(error: unknown): object {
  return error instanceof ConfigError
    ? { code: codeOf(error), errors: error.message.split('\n') }
    : { err: error }
}

async function loadWithDigest<C extends Followed>(options: ReloadingOptions<C>): Promise<Loaded<C>> {
  return make(options, await options.read(options.file))
}

async function make<C extends Followed>(options: ReloadingOptions<C>, sources: Sources): Promise<Loaded<C>> {
  const { isComplete = () => Promise.resolve(true) } = options
  const first = makeOnce(options, sources)
  return (await isComplete(first.config)) ? first : makeOnce(options, sources)
}

function makeOnce<C extends Followed>({ env, parse }: ReloadingOptions<C>, sources: Sources): Loaded<C> {
  const hash = createHash('sha256')
  for (const source of sources.sources) hash.update(JSON.stringify([source.file, source.text]))
  const readSecret = (path: string, maxMebibytes?: number): string => {
    const secret = readSecretFile(path, maxMebibytes)
    hash.update(JSON.stringify([path, secret]))
    return secret
  }
  const config = parse(sources, { env, readSecret })
  for (const text of config.texts ?? []) hash.update(JSON.stringify(text))
  return { config, sources, digest: hash.digest('hex') }
}
