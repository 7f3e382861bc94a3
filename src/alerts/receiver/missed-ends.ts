import type { Clock } from '../../lib/time/clock.ts'
import { messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Timers } from '../../lib/time/timers.ts'
import type { AlertSink } from '../alert.ts'
import type { KnownAlert, Unreported } from './unreported.ts'

export interface MissedEndsOptions {
  readonly unreported: Unreported
  /** What Alertmanager has; undefined if that is not known now. */
  readonly ask: () => Promise<readonly KnownAlert[] | undefined>
  readonly sink: AlertSink
  /** Called with every answer. Default: nobody else wants it. */
  readonly heard?: (known: readonly KnownAlert[] | undefined) => void
  /** Milliseconds between two questions. Default 1 min. */
  readonly everyMs?: number
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
}

/** Milliseconds between two questions. */
export const askEveryMs = 60_000

/**
 * Asks Alertmanager again and again which alerts it has, and passes on the ends that it did not send.
 *
 * @returns Stops it.
 */
export function watchMissedEnds(options: MissedEndsOptions): () => Promise<void> {
  const { unreported, ask, sink, heard = () => undefined, everyMs = askEveryMs, clock, timers, log } = options
  let stopped = false
  let cancel = timers.after(everyMs, () => void round())

  async function round(): Promise<void> {
    const known = await ask()
    if (stopped) return
    heard(known)
    unreported.compare(known, clock.monotonic())
    const ended = unreported.ended(clock.monotonic(), new Date(clock.now()))
    try {
      if (ended.length > 0) await sink(ended)
      unreported.hear(ended)
      for (const { labels } of ended)
        log.warn({ alertname: labels['alertname'], target: labels['target'] }, 'no longer reported: ended')
    } catch (error) {
      log.error(`the end of what is no longer reported is kept for later: ${messageOf(error)}`)
    }
    cancel = timers.after(everyMs, () => void round())
  }

  return () => {
    stopped = true
    cancel()
    return Promise.resolve()
  }
}
