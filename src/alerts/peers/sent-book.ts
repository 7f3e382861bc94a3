import * as z from 'zod'
import { createNumbered } from '../../lib/numbered.ts'
import type { Delivery } from '../delivery/delivery.ts'
import type { WriteBehind } from '../delivery/write-behind.ts'
import { keyOf } from '../delivery/destination.ts'

/** What was last sent about one alert to one destination. Times are unix milliseconds of the clock of who has the entry. */
export const sentSchema = z.object({
  /** Names the alert and its destination. */
  key: z.string(),
  status: z.enum(['firing', 'resolved']),
  /** Which notification of the alert it was. */
  count: z.number(),
  /** When it arrived. */
  at: z.number(),
  /** When the beginning of the alert was first seen. */
  since: z.number(),
  /** When the alert ended; `at` while it fires. */
  until: z.number(),
  /** Grows with each that is sent, by either of the two. */
  version: z.number(),
  /** The id of the solo that decided it. */
  by: z.string(),
})

export type Sent = z.infer<typeof sentSchema>

/** @returns Nothing where it is not an entry of this version. */
export function parseSent(json: unknown): Sent | undefined {
  return sentSchema.safeParse(json).data
}

export interface SentBookOptions {
  readonly state: WriteBehind
  /** What an earlier process left behind. */
  readonly entries: readonly Sent[]
}

/** What was sent, by either solo of a pair. */
export interface SentBook {
  readonly get: (delivery: Delivery) => Sent | undefined
  /** Notes what has arrived. @param by Who decided it. */
  readonly record: (delivery: Delivery, by: string, now: number) => void
  /** Takes what the other solo knows. @returns Those that are news. */
  readonly merge: (entries: readonly Sent[]) => Sent[]
  /** What was noted after a number that an earlier call returned; 0 for all. */
  readonly since: (seen: number) => { readonly entries: Sent[]; readonly upTo: number }
  /** Forgets what nobody needs any more. */
  readonly prune: (now: number) => void
}

/** Milliseconds for which an end is remembered, and a beginning. */
const keepMs = { resolved: 3_600_000, firing: 30 * 86_400_000 }
/** Entries that are kept; beyond it, those that were sent longest ago are forgotten. */
const maxEntries = 20_000

/** The prefix of the entries in the state file. */
export const sentPrefix = 'sent/'

/** Opens the book on the state file of delivery. */
export function createSentBook({ state, entries }: SentBookOptions): SentBook {
  const book = createNumbered<Sent>()
  for (const sent of entries) book.put(sent.key, sent)

  function put(sent: Sent): void {
    book.put(sent.key, sent)
    state.set(sentPrefix + sent.key, sent)
  }

  function forget(key: string): void {
    book.forget(key)
    state.set(sentPrefix + key, undefined)
  }

  return {
    get: (delivery) => book.get(sentKey(delivery)),
    record(delivery, by, now) {
      const key = sentKey(delivery)
      const { incident: since, notification } = delivery
      const { status, alertCount: count = 1, endsAt } = notification
      const version = (book.get(key)?.version ?? 0) + 1
      put({ key, status, count, at: now, since, until: endsAt?.getTime() ?? now, version, by })
    },
    merge(theirs) {
      const news = theirs.filter((sent) => isNewer(sent, book.get(sent.key)))
      for (const sent of news) put(sent)
      return news
    },
    since: book.since,
    prune(now) {
      for (const [key, sent] of book.entries()) if (now - sent.at > keepMs[sent.status]) forget(key)
      for (const [key] of book.entries()) {
        if (book.size() <= maxEntries) break
        forget(key)
      }
    },
  }
}

/** Names an alert and its destination. */
export function sentKey(delivery: Delivery): string {
  return `${delivery.notification.fingerprint} ${keyOf(delivery)}`
}

/** The fingerprint of the alert in a key. */
export function alertOf({ key }: Sent): string {
  return key.split(' ', 1)[0] ?? ''
}

/** The same by a clock that is ahead by so many milliseconds. */
export function shifted(sent: Sent, offset: number): Sent {
  const { at, since, until } = sent
  return { ...sent, at: at + offset, since: since + offset, until: until + offset }
}

/** Both solos must come to the same answer. */
function isNewer(sent: Sent, known: Sent | undefined): boolean {
  if (known === undefined || sent.version !== known.version) return sent.version > (known?.version ?? 0)
  return sent.by > known.by
}
