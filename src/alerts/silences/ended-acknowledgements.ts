import { messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Timers } from '../../lib/time/timers.ts'
import type { SilenceKeeper } from './keeper.ts'
import type { Silence } from './silence.ts'

export interface EndedAcknowledgementsOptions {
  readonly keeper: Pick<SilenceKeeper, 'list' | 'firing' | 'end'>
  readonly timers: Timers
  readonly log: Logger
  /** Milliseconds between two looks. Default 1 min. */
  readonly everyMs?: number
}

/** Looks at which an incident must be over before its acknowledgement ends: Alertmanager forgets all alerts when it restarts. */
const looks = 2

/** The alert that always fires: without it, Prometheus does not report to this Alertmanager. */
const watchdog = 'Watchdog'

/**
 * Ends acknowledgements in Alertmanager, which knows no incidents, when what they are about no longer fires: the next incident
 * must be reported.
 *
 * @returns Stops it.
 */
export function watchAcknowledgements(options: EndedAcknowledgementsOptions): () => Promise<void> {
  const { keeper, timers, log, everyMs = 60_000 } = options
  let over = new Map<string, number>()
  let stopped = false
  let cancel = timers.after(everyMs, () => void round())

  async function look(): Promise<void> {
    const acknowledged = (await keeper.list()).filter(({ acknowledges }) => acknowledges)
    if (acknowledged.length === 0) return
    const firing = await keeper.firing()
    if (!firing.some(({ labels }) => labels['alertname'] === watchdog)) {
      over = new Map()
      return
    }
    const fires = ({ matchers }: Silence): boolean =>
      firing.some(({ labels }) => matchers.every(({ matches }) => matches(labels)))
    const ended = acknowledged.filter((silence) => !fires(silence))
    over = new Map(ended.map(({ id }) => [id, (over.get(id) ?? 0) + 1]))
    for (const { id, acknowledges } of ended) {
      if ((over.get(id) ?? 0) < looks) continue
      await keeper.end(id)
      log.info({ ...acknowledges }, 'the acknowledged incident has ended')
    }
  }

  async function round(): Promise<void> {
    // Pages and the API say that Alertmanager does not answer.
    await look().catch((error: unknown) => {
      log.debug(`acknowledgements are not looked at: ${messageOf(error)}`)
    })
    if (!stopped) cancel = timers.after(everyMs, () => void round())
  }

  return () => {
    stopped = true
    cancel()
    return Promise.resolve()
  }
}
