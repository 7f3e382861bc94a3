import { randomUUID } from 'node:crypto'
import { ProbityError } from '../../lib/errors.ts'
import type { StateFile } from '../../lib/io/state-file.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Ledger } from '../../lib/numbered.ts'
import type { Clock } from '../../lib/time/clock.ts'
import { serialByKey } from '../../lib/time/serial.ts'
import type { Timers } from '../../lib/time/timers.ts'
import type { Alert } from '../alert.ts'
import type { SilenceKeeper } from './keeper.ts'
import { createShared } from './shared.ts'
import { isAbout, isInForce, type Silence } from './silence.ts'
import { parseSilences, silencesState } from './state.ts'

export interface OwnSilencesOptions {
  /** Where they outlive the process. */
  readonly file: StateFile
  /** The alerts that fire. */
  readonly firing: () => readonly Alert[]
  /** Called when one begins or is ended. */
  readonly changed: () => void
  readonly clock: Pick<Clock, 'now'>
  readonly timers: Timers
  readonly log: Logger
  /** Silences at a time. Default 1,000. */
  readonly maxSilences?: number
}

/** Milliseconds until the next attempt at a file that cannot be written. */
const retryMs = 5000

/** The silences of a process that decides alerts itself. */
export interface OwnSilences extends SilenceKeeper {
  /** Until when an alert is muted, in unix milliseconds; undefined where it is not. */
  readonly mutedUntil: (alert: Alert) => number | undefined
  /** How many are in force. */
  readonly size: () => number
  /** Ends the acknowledgements of incidents that have ended. */
  readonly heard: (alerts: readonly Alert[]) => void
  /** What two solos exchange. */
  readonly ledger: Ledger
  /** Waits for what is being saved. */
  readonly stop: () => Promise<void>
}

/**
 * Opens the silences of a file. One is in force once it is on the disk, so that none is lost that somebody relies on; it ends
 * at once, also where the disk is full.
 *
 * @throws ProbityError `STATE_UNREADABLE`
 */
export async function openOwnSilences(options: OwnSilencesOptions): Promise<OwnSilences> {
  const { file, firing, changed, clock, timers, log, maxSilences = 1000 } = options
  const shared = createShared({
    ...(await file.load(parseSilences)),
    firing,
    clock,
    log,
    merged() {
      changed()
      void saveCurrent()
    },
  })
  const { all, current } = shared
  const serial = serialByKey()

  function muting(alert: Alert): Silence[] {
    const now = clock.now()
    return all().filter((silence) => isInForce(silence, now) && isAbout(silence, alert))
  }

  let stopped = false
  let cancelRetry = (): void => undefined

  /** Saves, and where that fails, later what is in force then. */
  async function save(next: readonly Silence[]): Promise<void> {
    cancelRetry()
    try {
      await file.save(silencesState({ silences: next, ended: shared.ended() }))
    } catch (error) {
      if (!stopped) cancelRetry = timers.after(retryMs, () => void saveCurrent())
      throw error
    }
  }

  /** The page and a metric say that the file cannot be written. */
  const saveCurrent = (): Promise<void> => serial('', () => save(current())).catch(() => undefined)

  async function remove(gone: readonly Silence[], over: boolean): Promise<void> {
    shared.end(gone, over)
    changed()
    await saveCurrent()
  }

  return {
    list: () => Promise.resolve(current()),
    firing: () =>
      Promise.resolve(firing().map((alert) => ({ ...alert, silencedBy: muting(alert).map(({ id }) => id) }))),
    add: (wanted) =>
      serial('', async () => {
        const added = wanted.map((silence) => ({ ...silence, id: randomUUID() }))
        const next = [...current(), ...added]
        if (next.length > maxSilences)
          throw new ProbityError(
            'SILENCES_TOO_MANY',
            `there are ${current().length} silences already, and at most ${maxSilences} at a time: end some of them, or use one with a regex`,
          )
        await save(next)
        shared.add(added)
        changed()
        return added
      }),
    async end(id) {
      const found = current().find((silence) => silence.id === id)
      if (found) await remove([found], false)
      return found
    },
    mutedUntil(alert) {
      const ends = muting(alert).map(({ endsAt }) => endsAt.getTime())
      return ends.length === 0 ? undefined : Math.max(...ends)
    },
    size: () => all().filter((silence) => isInForce(silence, clock.now())).length,
    heard(alerts) {
      const over = (silence: Silence): boolean =>
        silence.acknowledges !== undefined &&
        alerts.some((alert) => alert.status === 'resolved' && isAbout(silence, alert))
      const ended = all().filter(over)
      if (ended.length === 0) return
      for (const { acknowledges } of ended)
        log.info({ ...acknowledges }, 'the acknowledged incident has ended')
      void remove(ended, true)
    },
    ledger: shared.ledger,
    async stop() {
      stopped = true
      cancelRetry()
      await serial('', () => Promise.resolve())
    },
  }
}
