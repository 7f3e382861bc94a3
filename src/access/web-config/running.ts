import type { Clock } from '../../lib/time/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { createReloadingStore, type ReloadingStore } from '../../settings/reload/reloading.ts'
import { readSecretFile, type Environment } from '../../settings/secrets.ts'
import { readSources } from '../../settings/sources.ts'
import { fixedIn, parseWebConfig } from './parse.ts'
import { noWebConfig, type WebConfig } from './web-config.ts'

export interface RunningWebConfigOptions {
  /** Default: there is none. */
  readonly file?: string | undefined
  readonly env: Environment
  readonly clock: Clock
  readonly log: Logger
}

/** The web configuration in force. */
export interface RunningWebConfig {
  readonly current: () => WebConfig
  /** Reads it again. @throws ConfigError where it is wrong: the old one stays in force. */
  readonly reload: () => Promise<void>
  readonly onChange: (listener: () => void) => void
  readonly stop: () => Promise<void>
}

/**
 * Reads a web configuration, and reads it again whenever it or a file that it names changes. One that is wrong then is logged,
 * and the old one stays in force.
 *
 * @throws ConfigError where it is wrong at the start.
 */
export async function startWebConfig(options: RunningWebConfigOptions): Promise<RunningWebConfig> {
  const { file, env, clock, log } = options
  if (file === undefined)
    return {
      current: () => noWebConfig,
      reload: () => Promise.resolve(),
      onChange: () => undefined,
      stop: () => Promise.resolve(),
    }
  let isStarted = false
  const store: ReloadingStore<WebConfig> = createReloadingStore<WebConfig>({
    file,
    env,
    clock,
    log,
    read: readSources,
    parse: (sources, how) => parseWebConfig(sources, how, isStarted ? fixedIn(store.current) : undefined),
    describe: ({ users, tls }) => ({ audit: true, users: users.size, tls: tls !== undefined }),
    what: 'web configuration',
  })
  await store.start()
  isStarted = true
  return {
    current: () => store.current,
    reload: store.reload,
    onChange: (listener) => void store.onChange(listener),
    stop: store.stop,
  }
}

/** Reads a web configuration once. @throws ConfigError where it is wrong. */
export async function loadWebConfig(file: string, env: Environment): Promise<WebConfig> {
  return parseWebConfig(await readSources(file), { env, readSecret: readSecretFile })
}
