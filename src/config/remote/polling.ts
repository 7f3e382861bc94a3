import type { Logger } from '../../lib/logger.ts'
import type { Timers } from '../../lib/time/timers.ts'
import type { Watcher } from '../../settings/reload/watch.ts'
import type { RemoteSource } from './source.ts'

/** Milliseconds from one request to the next. */
const everyMs = 10_000

export interface PollingOptions {
  readonly source: RemoteSource
  readonly timers: Timers
  readonly log: Logger
  /** Called when what the source gives is something else than before. */
  readonly onChange: () => Promise<void>
}

/** Watches a configuration by asking for it every 10 s. A request that takes longer is not overtaken by the next. */
export function startPolling({ source, timers, log, onChange }: PollingOptions): Watcher {
  let looking: Promise<void> | undefined
  let callOff = timers.after(everyMs, tick)

  function tick(): void {
    callOff = timers.after(everyMs, tick)
    looking ??= look().finally(() => {
      looking = undefined
    })
  }

  async function look(): Promise<void> {
    try {
      if (await source.poll()) await onChange()
    } catch (error) {
      log.error({ err: error }, 'asking for the configuration failed')
    }
  }

  return {
    mark: () => Promise.resolve(),
    async stop() {
      callOff()
      source.stop()
      await looking
    },
  }
}
