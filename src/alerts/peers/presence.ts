import type { Clock } from '../../lib/time/clock.ts'

/**
 * Who notifies: `leading` and `alone` do; `standby` does not, because the other one does; `waiting` does not know yet, or no longer.
 */
export const roles = ['waiting', 'leading', 'standby', 'alone'] as const
export type Role = (typeof roles)[number]

/** One of the two, as the other one sees it. */
export interface PeerIdentity {
  /** Its host. */
  readonly name: string
  /** A random word that it drew at its first start. */
  readonly id: string
}

export interface PresenceOptions {
  readonly self: PeerIdentity
  readonly clock: Clock
}

/** Knows whether the other solo is there, and so who notifies. */
export interface Presence {
  readonly role: () => Role
  /** Something of the other one has arrived. */
  readonly heard: (peer: PeerIdentity) => void
  /** The other one stops: it notifies nobody until it is heard of again. */
  readonly left: () => void
  /** Whether it is gone because it was stopped, a short while ago. */
  readonly hasJustLeft: () => boolean
  /** The other one has heard what this one said at a moment of its monotonic clock. */
  readonly confirmed: (at: number) => void
  /** Whether this process has been running ever since that moment, and has not been frozen or suspended. */
  readonly isAwakeSince: (at: number) => boolean
  /** Whether the other one has been heard of lately. */
  readonly isHeard: () => boolean
  /** Milliseconds for which the other one has not been heard of; before its first word, since this process began, or woke up. */
  readonly unheardFor: () => number
  /** Milliseconds for which this process has been watching, without having been frozen or suspended. */
  readonly watchingFor: () => number
}

/** Milliseconds without a word after which the other one is taken for gone. */
const goneAfterMs = 30_000
/**
 * Milliseconds after which the leader, if it does not know that the other one hears it, sends nothing more until it does, or until
 * the other one is gone: by then the other one may have taken over. Shorter than `goneAfterMs`, by more than a question may take.
 */
export const leaseMs = 15_000
/**
 * Milliseconds after which one that waits notifies in any case: a machine that is so busy that the process hardly ever runs must not
 * keep it from notifying.
 */
const longestWaitMs = 60_000
/** Milliseconds that a restart may take, by somebody who knows what they do. */
const restartMs = 60_000
/** Milliseconds between two looks at the clock that show that the process did not run meanwhile. It looks every 5 s. */
const frozenMs = 12_000

/**
 * Decides by clocks alone, so that the two need not agree on anything. The one whose name is first leads. One that has not run for a
 * while knows nothing: the other one may have taken over.
 */
export function createPresence({ self, clock }: PresenceOptions): Presence {
  let awakeSince = clock.monotonic()
  let looked = { monotonic: clock.monotonic(), wall: clock.now() }
  let heardAt = -Infinity
  let confirmedAt = -Infinity
  let leads = false
  let leftAt: number | undefined
  let waitingSince: number | undefined

  /** The wall clock too, because the other one stands still while a machine is suspended. */
  function look(): number {
    const monotonic = clock.monotonic()
    const wall = clock.now()
    if (Math.max(monotonic - looked.monotonic, wall - looked.wall) > frozenMs) {
      awakeSince = monotonic
      heardAt = confirmedAt = -Infinity
      leftAt = undefined
    }
    looked = { monotonic, wall }
    return monotonic
  }

  const age = (now: number, at: number): number => now - Math.max(at, awakeSince)

  function roleAt(now: number): Role {
    if (leftAt !== undefined || age(now, heardAt) >= goneAfterMs) return 'alone'
    if (heardAt === -Infinity) return 'waiting'
    if (!leads) return 'standby'
    if (now - confirmedAt < leaseMs) return 'leading'
    return age(now, confirmedAt) < goneAfterMs ? 'waiting' : 'alone'
  }

  return {
    role() {
      const now = look()
      const role = roleAt(now)
      if (role !== 'waiting') waitingSince = undefined
      else if (now - (waitingSince ??= now) >= longestWaitMs) return 'alone'
      return role
    },
    heard(peer) {
      heardAt = look()
      leftAt = undefined
      leads = orderOf(self) < orderOf(peer)
    },
    left() {
      leftAt = look()
    },
    hasJustLeft: () => leftAt !== undefined && look() - leftAt < restartMs,
    confirmed(at) {
      look()
      if (at >= awakeSince) confirmedAt = Math.max(confirmedAt, at)
    },
    isAwakeSince(at) {
      look()
      return at >= awakeSince
    },
    isHeard() {
      const now = look()
      return leftAt === undefined && now - heardAt < goneAfterMs
    },
    unheardFor() {
      return age(look(), heardAt)
    },
    watchingFor() {
      return look() - awakeSince
    },
  }
}

function orderOf({ name, id }: PeerIdentity): string {
  return `${name} ${id}`
}
