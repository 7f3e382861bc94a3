import type { Notification } from '../../channels/channel.ts'
import type { Delivery, Undelivered } from './delivery.ts'
import { keyOf } from './destination.ts'
import type { WriteBehind } from './write-behind.ts'

/** What has become of something that was given up: its words of today, a reason to wait, or nothing if it is no longer true. */
export type Renewal = Notification | 'later' | undefined

export interface OwedOptions {
  readonly state: WriteBehind
  /** What an earlier process gave up, the oldest first. */
  readonly undelivered?: readonly Undelivered[]
  readonly renew: (lost: Undelivered) => Renewal
}

/** What was given up. While it is true it is owed: it is tried again, slowly, until it arrives. */
export interface Owed {
  /** The newest last. */
  readonly all: readonly Undelivered[]
  /** @param final The same notification would be refused again. */
  readonly gaveUp: (lost: Undelivered, final: boolean, now: number) => void
  /** The channel works, and whatever this delivery makes up for has arrived. */
  readonly arrived: (delivery: Delivery) => void
  /** What to try now, with its words of today. */
  readonly due: (now: number) => readonly (readonly [Undelivered, Notification])[]
  /** When to ask again, in unix milliseconds; Infinity for never. */
  readonly nextAt: () => number
  /** Everything is tried once more, because the settings may have changed. */
  readonly reconsider: () => void
}

interface Debt {
  readonly lost: Undelivered
  readonly tries: number
  /** Unix milliseconds of the next attempt. */
  readonly at: number
  /** It failed while its channel worked: the next success of the channel does not cause another attempt. */
  readonly stubborn: boolean
}

/** Given-up notifications that are kept; the oldest go first. */
const maxKept = 1000

const firstGapMs = 10_000
const maxGapMs = 300_000
/** Milliseconds until something that cannot be sent now, for example in quiet hours, is looked at again. */
const laterMs = 60_000

const gap = (tries: number): number => Math.min(maxGapMs, firstGapMs * 2 ** Math.min(tries, 20))

/**
 * Keeps what was given up. A channel that fails is tried with one notification at a time, after 10 s, 20 s and so on up to 5 min;
 * any success releases the others.
 */
export function createOwed({ state, undelivered = [], renew }: OwedOptions): Owed {
  const debts = new Map<number, Debt>()
  /** The channels that failed last, how often, and when one is tried again. */
  const failing = new Map<string, { readonly tries: number; readonly at: number }>()

  for (const lost of undelivered) debts.set(lost.id, { lost, tries: 0, at: 0, stubborn: false })
  for (const { channel } of undelivered) failing.set(channel, { tries: 0, at: 0 })

  function forget(id: number): void {
    debts.delete(id)
    state.set(`undelivered/${id}`, undefined)
  }

  function put(debt: Debt): void {
    debts.set(debt.lost.id, debt)
  }

  const dueAt = ({ lost, at }: Debt): number => Math.max(at, failing.get(lost.channel)?.at ?? 0)

  return {
    get all() {
      return [...debts.values()].map(({ lost }) => lost)
    },
    gaveUp(given, final, now) {
      const before = given.owes === undefined ? undefined : debts.get(given.owes)
      for (const { lost } of debts.values()) if (sameNews(lost, given)) forget(lost.id)
      const lost = { ...given }
      delete lost.owes
      state.set(`undelivered/${lost.id}`, lost)
      const tries = before ? before.tries + 1 : 0
      const stubborn = before !== undefined && !failing.has(lost.channel)
      put({ lost, tries, at: final ? Infinity : now + gap(tries), stubborn })
      for (const oldest of debts.keys()) if (debts.size > maxKept) forget(oldest)
      if (final) return
      const failed = failing.get(lost.channel)?.tries ?? 0
      failing.set(lost.channel, { tries: failed + 1, at: now + gap(failed) })
    },
    arrived(delivery) {
      for (const { lost } of debts.values()) if (sameNews(lost, delivery)) forget(lost.id)
      if (!failing.delete(delivery.channel)) return
      for (const debt of debts.values())
        if (debt.lost.channel === delivery.channel && debt.at !== Infinity && !debt.stubborn)
          put({ ...debt, at: 0 })
    },
    due(now) {
      const chosen: (readonly [Undelivered, Notification])[] = []
      const trying = new Set<string>()
      for (const debt of [...debts.values()].sort((a, b) => a.at - b.at)) {
        const { lost } = debt
        if (dueAt(debt) > now || (failing.has(lost.channel) && trying.has(lost.channel))) continue
        const renewal = renew(lost)
        // While it is on its way, or is no longer true, it is only shown.
        put({ ...debt, at: renewal === 'later' ? now + laterMs : Infinity })
        if (typeof renewal !== 'object') continue
        trying.add(lost.channel)
        chosen.push([lost, renewal])
      }
      for (const channel of trying) {
        const failed = failing.get(channel)
        if (failed) failing.set(channel, { ...failed, at: now + gap(failed.tries) })
      }
      return chosen
    },
    nextAt: () => Math.min(Infinity, ...[...debts.values()].map(dueAt)),
    reconsider() {
      for (const debt of debts.values()) {
        put({ ...debt, at: 0, stubborn: false })
        failing.set(debt.lost.channel, { tries: 0, at: 0 })
      }
    },
  }
}

/** Whether one makes up for the other: the same beginning or end, for the same receiver. */
function sameNews(a: Delivery, b: Delivery): boolean {
  return (
    keyOf(a) === keyOf(b) &&
    a.incident === b.incident &&
    a.notification.fingerprint === b.notification.fingerprint &&
    a.notification.status === b.notification.status
  )
}
