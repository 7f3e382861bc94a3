import type { Logger } from '../../lib/logger.ts'
import { createNumbered, type Ledger } from '../../lib/numbered.ts'
import type { Clock } from '../../lib/time/clock.ts'
import type { Alert } from '../alert.ts'
import type { Silence } from './silence.ts'
import { newsJson, parseNews, type Ended, type SilenceNews, type SilencesState } from './state.ts'

export interface SharedOptions extends Partial<SilencesState> {
  /** The alerts that fire. */
  readonly firing: () => readonly Alert[]
  /** Called when the other solo had news. */
  readonly merged: () => void
  readonly clock: Pick<Clock, 'now'>
  readonly log: Logger
}

/** The silences of this solo, and of the other one of a pair. */
export interface Shared {
  /** Those of which the time may be over. */
  readonly all: () => readonly Silence[]
  /** Those that are in force or will be. */
  readonly current: () => readonly Silence[]
  readonly ended: () => readonly Ended[]
  readonly add: (silences: readonly Silence[]) => void
  /** @param over Whether the incidents that they acknowledge are over. Otherwise somebody has ended them. */
  readonly end: (silences: readonly Silence[], over: boolean) => void
  readonly ledger: Ledger
}

/** Milliseconds for which an end is remembered beyond the silence: the clock of the other solo may be wrong. */
const rememberMs = 3_600_000
/** Ends that are remembered; beyond it, those that are oldest are forgotten. */
const maxEnded = 10_000
/** Milliseconds that the other solo may need to find an incident that somebody has acknowledged. */
const foundWithinMs = 600_000
/** Milliseconds by which the clocks of two machines may differ, or a message be late: times then stay the same on both. */
const sameMs = 5000

/**
 * Keeps what both know. An end stays known until the silence would have ended by itself, so nothing undoes it. When the incident
 * of an acknowledgement is over, it ends here, and goes on where the other solo still sees the incident.
 */
export function createShared({ firing, merged, clock, log, ...before }: SharedOptions): Shared {
  let silences = before.silences ?? []
  const ended = new Map((before.ended ?? []).map((one) => [one.id, one]))
  const news = createNumbered<SilenceNews>()
  let say = (): void => undefined
  for (const silence of silences) news.put(silence.id, { silence })
  for (const one of ended.values()) news.put(one.id, { ended: one })

  function put(silence: Silence): void {
    silences = [...silences, silence]
    news.put(silence.id, { silence })
  }

  function putEnd(end: Ended): void {
    silences = silences.filter(({ id }) => id !== end.id)
    ended.delete(end.id)
    ended.set(end.id, end)
    news.put(end.id, { ended: end })
  }

  /** Forgets what nobody needs any more. */
  function prune(): void {
    const now = clock.now()
    for (const { id, endsAt } of silences) if (endsAt.getTime() <= now) news.forget(id)
    silences = silences.filter(({ endsAt }) => now < endsAt.getTime())
    for (const [id, { until }] of ended) {
      if (ended.size <= maxEnded && now < until.getTime() + rememberMs) continue
      ended.delete(id)
      news.forget(id)
    }
  }

  /** The same by the clock of this machine, and about the incident that this solo sees. */
  function own(silence: Silence, offset: number): Silence {
    const shift = (time: Date): Date => shifted(time, offset)
    const { acknowledges } = silence
    const { incident } = acknowledges ?? {}
    const startsAt = shift(silence.startsAt)
    const moved = { ...silence, startsAt, endsAt: shift(silence.endsAt) }
    if (!acknowledges || !incident) return moved
    const { fingerprint } = incident
    const found = firing().find((alert) => alert.fingerprint === fingerprint)
    const here = found
      ? { fingerprint, startsAt: found.startsAt }
      : {
          fingerprint,
          startsAt: shift(incident.startsAt),
          startsBy: new Date(startsAt.getTime() + foundWithinMs),
        }
    return { ...moved, acknowledges: { ...acknowledges, incident: here } }
  }

  /** @returns Whether it was news. */
  function begins(silence: Silence, offset: number): boolean {
    const { id } = silence
    if (ended.has(id) || silences.some((one) => one.id === id)) return false
    const ours = own(silence, offset)
    if (ours.endsAt.getTime() <= clock.now()) return false
    put(ours)
    const { createdBy, endsAt, acknowledges } = ours
    log.info({ id, createdBy, endsAt, acknowledges }, 'silence begun at the peer')
    return true
  }

  /** @returns Whether it was news. */
  function ends({ id, until, over }: Ended, offset: number): boolean {
    const known = ended.get(id)
    if (known && (over || !known.over)) return false
    const here = silences.find((one) => one.id === id)
    // What this solo sees of an incident counts here.
    if (over && here?.acknowledges?.incident?.startsBy === undefined && here !== undefined) return false
    putEnd({ id, until: shifted(until, offset), over })
    if (here) log.info({ id }, 'silence ended at the peer')
    return true
  }

  return {
    all: () => silences,
    current: () => silences.filter(({ endsAt }) => clock.now() < endsAt.getTime()),
    ended: () => [...ended.values()],
    add(added) {
      prune()
      for (const silence of added) put(silence)
      say()
    },
    end(gone, over) {
      prune()
      for (const { id, endsAt } of gone) putEnd({ id, until: endsAt, over })
      say()
    },
    ledger: {
      since(seen) {
        const { entries, upTo } = news.since(seen)
        return { entries: entries.map(newsJson), upTo }
      },
      merge(entries, offset) {
        prune()
        const changes = entries.map((entry) => {
          const parsed = parseNews(entry)
          if (!parsed) return false
          return 'silence' in parsed ? begins(parsed.silence, offset) : ends(parsed.ended, offset)
        })
        if (changes.includes(true)) merged()
      },
      onChange(listener) {
        say = listener
      },
    },
  }
}

function shifted(time: Date, offset: number): Date {
  return Math.abs(offset) < sameMs ? time : new Date(time.getTime() + offset)
}
