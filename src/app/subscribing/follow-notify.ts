import { createNotifyStore } from '../../config/notify/store.ts'
import type { NotifyConfig } from '../../config/notify/notify.ts'
import { foreignFormats } from '../../foreign/index.ts'
import { messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Clock } from '../../lib/time/clock.ts'
import type { ReloadingStore } from '../../settings/reload/reloading.ts'
import { notifyTypes } from '../channels.ts'

/** Where notify.yml is. */
export interface NotifyFile {
  readonly file: string
  /** Whether it may be missing. */
  readonly optional: boolean
}

/** notify.yml of a process that does not need it for anything else. */
export interface FollowedNotify {
  /** Undefined until it is read. Nothing is read before somebody asks. */
  readonly current: () => NotifyConfig | undefined
  readonly stop: () => Promise<void>
}

/** Milliseconds after which a file that could not be used is read again. */
const againMs = 10_000

/**
 * Follows notify.yml from the first question on. A mistake in it is logged: what does not need the file goes on.
 */
export function followNotify(
  place: NotifyFile,
  { env, clock, log }: { readonly env: NodeJS.ProcessEnv; readonly clock: Clock; readonly log: Logger },
): FollowedNotify {
  let store: ReloadingStore<NotifyConfig> | undefined
  let starting: Promise<void> | undefined
  let failedAt = -Infinity
  let failure: string | undefined

  async function start(): Promise<void> {
    const opened = createNotifyStore({
      ...place,
      types: notifyTypes,
      foreign: foreignFormats,
      env,
      log,
      clock,
    })
    try {
      await opened.start()
      store = opened
    } catch (error) {
      await opened.stop()
      failedAt = clock.monotonic()
      const words = messageOf(error)
      if (words !== failure)
        log.error({ error: words }, `nobody can subscribe to public pages: ${place.file}`)
      failure = words
    } finally {
      starting = undefined
    }
  }

  return {
    current() {
      if (!store && clock.monotonic() - failedAt >= againMs) starting ??= start()
      return store?.current
    },
    async stop() {
      await starting
      await store?.stop()
    },
  }
}
