import { isDeepStrictEqual } from 'node:util'
import type { SilenceKeeper } from '../../alerts/silences/keeper.ts'
import { reachOf, type Silence } from '../../alerts/silences/silence.ts'
import { formatMatcher } from '../../config/notify/matchers.ts'
import type { History } from '../../history/store.ts'
import { writeSilences, type StoredSilence } from '../../history/write/silences.ts'
import { messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Clock } from '../../lib/time/clock.ts'
import { inSlices } from '../../lib/time/slices.ts'
import type { Timers } from '../../lib/time/timers.ts'
import type { LabelsOfTargets } from './silenced-targets.ts'

export interface RecordSilencesOptions {
  /** The same ones for as long as the configuration is. */
  readonly labels: () => LabelsOfTargets
  readonly location: string
  readonly clock: Pick<Clock, 'now'>
  readonly timers: Timers
  readonly log: Logger
}

/** Milliseconds between two looks. A silence that begins and ends between them is in no report. */
const everyMs = 15_000

/**
 * Stores what is silenced, so that reports have it when it has ended: neither solo nor Alertmanager keeps it.
 *
 * @param keeper Undefined where this process knows of no silences.
 * @param history Undefined where results are not stored.
 * @returns Stops it.
 */
export function recordSilences(
  keeper: Pick<SilenceKeeper, 'list'> | undefined,
  history: Pick<History, 'sql' | 'isOpen'> | undefined,
  { labels, location, clock, timers, log }: RecordSilencesOptions,
): () => Promise<void> {
  if (!keeper || !history) return () => Promise.resolve()
  const { list } = keeper
  const { sql, isOpen } = history
  const targets = new Map<string, readonly string[]>()
  let ofTargets: LabelsOfTargets | undefined
  let stored: readonly StoredSilence[] | undefined
  let stopped = false
  let cancel = (): void => undefined

  /** Regexes on many names take a while: each silence is compared once with each configuration. */
  async function findTargets(silences: readonly Silence[]): Promise<void> {
    const current = labels()
    if (ofTargets !== current) targets.clear()
    ofTargets = current
    const ids = new Set(silences.map(({ id }) => id))
    for (const id of targets.keys()) if (!ids.has(id)) targets.delete(id)
    await inSlices(
      silences.filter(({ id }) => !targets.has(id)),
      (silence) => {
        const found = [...current].filter(([, own]) => reachOf(silence, own) !== 'none')
        targets.set(
          silence.id,
          found.map(([name]) => name),
        )
      },
    )
  }

  async function look(): Promise<void> {
    if (!isOpen()) return
    const silences = await list()
    await findTargets(silences)
    const now = silences.map((silence): StoredSilence => {
      const { id, matchers, acknowledges, startsAt, endsAt, createdBy, comment } = silence
      return {
        id,
        match: matchers.map(formatMatcher).join(', '),
        ...(acknowledges && { alertname: acknowledges.alertname }),
        targets: targets.get(id) ?? [],
        startsAt,
        endsAt,
        createdBy,
        comment,
      }
    })
    if (isDeepStrictEqual(stored, now)) return
    await writeSilences(sql, { silences: now, location, now: clock.now() })
    stored = now
  }

  async function round(): Promise<void> {
    // Pages say that Alertmanager, or the database, does not answer.
    await look().catch((error: unknown) => {
      log.debug(`silences are not stored: ${messageOf(error)}`)
    })
    if (!stopped) cancel = timers.after(everyMs, () => void (running = round()))
  }

  let running = round()
  return async () => {
    stopped = true
    cancel()
    await running
  }
}
