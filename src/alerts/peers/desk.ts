import type { Clock } from '../../lib/time/clock.ts'
import type { Delivery, NewDelivery } from '../delivery/delivery.ts'
import type { AlertState } from '../delivery/alert-state.ts'
import type { Orphan } from './message.ts'
import type { Role } from './presence.ts'
import { sentKey, type SentBook } from './sent-book.ts'
import { isOrphan, verdictOn, type Case, type PeerKnowledge } from './verdict.ts'

/** What delivery in this process has. */
export interface Workbench {
  /** The oldest delivery of each line, unless it is being sent, with the end that waits behind it. */
  readonly waiting: () => readonly { readonly delivery: Delivery; readonly end?: Delivery }[]
  readonly pending: () => readonly Delivery[]
  /** Takes one that the other solo leaves to this one. */
  readonly add: (delivery: NewDelivery) => void
  /** Looks for what can be delivered now. */
  readonly wake: () => void
  /** The alerts that fire, or whose end is not sent yet. */
  readonly known: () => readonly AlertState[]
  /** The other solo has sent the ends of these: fingerprint, and when it ended. */
  readonly endedElsewhere: (ends: ReadonlyMap<string, number>) => void
}

export interface DeskOptions {
  /** The id of this solo. */
  readonly self: string
  readonly book: SentBook
  readonly role: () => Role
  /** Whether what the one that stands by alone knows of is sent too. */
  readonly eitherCounts: boolean
  /** What the other one said last. */
  readonly peer: () => PeerKnowledge | undefined
  readonly clock: Clock
}

/** Orphans in one message; the others follow in the next. */
const maxOrphans = 200

/** Puts together what is known about each delivery, on both solos. */
export function createDesk({ self, book, role, eitherCounts, peer, clock }: DeskOptions) {
  const caseOf = (delivery: Delivery, end: Delivery | undefined): Case => ({
    delivery,
    end,
    sent: book.get(delivery),
    self,
    role: role(),
    eitherCounts,
    peer: peer(),
    sentKey: sentKey(delivery),
    now: clock.now(),
  })

  /** The fingerprints of the alerts that this solo sends about by itself. */
  function keysOf({ known, pending }: Workbench): Set<string> {
    return new Set([
      ...known().map(({ alert }) => alert.fingerprint),
      ...pending().map(({ notification }) => notification.fingerprint),
    ])
  }

  return {
    verdict: (delivery: Delivery, end?: Delivery) => verdictOn(caseOf(delivery, end)),
    keysOf,
    orphans(bench: Workbench): Orphan[] {
      if (role() !== 'standby') return []
      return bench
        .waiting()
        .filter(({ delivery, end }) => isOrphan(caseOf(delivery, end)))
        .slice(0, maxOrphans)
        .map(({ delivery: { channel, recipient, incident, notification } }) => ({
          channel,
          ...(recipient !== undefined && { recipient }),
          incident,
          notification,
        }))
    },
    /** @param offset Milliseconds by which this machine's clock is ahead. @param from The id of the other solo. */
    adopt(bench: Workbench, orphans: readonly Orphan[], offset: number, from: string): void {
      if (role() !== 'leading' && role() !== 'alone') return
      const keys = keysOf(bench)
      for (const orphan of orphans) {
        const { incident, notification } = orphan
        if (keys.has(notification.fingerprint)) continue
        const times = shiftedTimes(notification, offset)
        const ours = { incident: incident + offset, notification: { ...notification, ...times } }
        bench.add({ ...orphan, ...ours, onlyIfTold: false, from })
      }
    },
  }
}

function shiftedTimes(
  { startsAt, endsAt }: Pick<Orphan['notification'], 'startsAt' | 'endsAt'>,
  offset: number,
): Pick<Orphan['notification'], 'startsAt' | 'endsAt'> {
  const shift = (time: Date): Date => new Date(time.getTime() + offset)
  return { startsAt: shift(startsAt), ...(endsAt && { endsAt: shift(endsAt) }) }
}
