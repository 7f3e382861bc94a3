import { urgentWithinMs } from './urgency.ts'

/** What a channel may do at a moment. */
export interface Pace {
  /**
   * When the next attempt may begin (milliseconds of the clock that it is given); 0 for now.
   *
   * @param urgentSince For what is urgent, since when it waits: only other urgent attempts count for its limit, which ends after
   *   30 s. Default: it is not urgent.
   */
  readonly freeAt: (now: number, underway: number, urgentSince?: number) => number
  readonly began: (now: number, urgent?: boolean) => void
  readonly succeeded: () => void
  /** @param retryAfter Seconds that the other side wants to be left alone. */
  readonly failed: (now: number, retryAfter: number | undefined) => void
}

export interface PaceOptions {
  readonly concurrency: number
  readonly perMinute: number
  /** 0 to 1. */
  readonly random: () => number
}

const minute = 60_000

/** Seconds between two attempts at a peer that does not answer, at most. */
const maxHold = 30

/** Attempts in a row that fail before the channel is thought to be away: fewer are the matter of these notifications alone. */
const patience = 4

/**
 * Keeps a channel within its limits: attempts at the same time, attempts a minute, and none while the other side wants to be
 * left alone. A failure holds back no other notification. While the channel is away, a single attempt at a time finds out whether it is back, so that a thousand notifications that
 * wait do not mean a thousand timeouts.
 */
export function createPace({ concurrency, perMinute, random }: PaceOptions): Pace {
  let begun: { readonly at: number; readonly urgent: boolean }[] = []
  let inARow = 0
  let failures = 0
  let heldUntil = 0
  return {
    freeAt(now, underway, urgentSince) {
      if (underway >= (failures > 0 ? 1 : concurrency)) return Infinity
      begun = begun.filter(({ at }) => at > now - minute)
      const counted = urgentSince === undefined ? begun : begun.filter(({ urgent }) => urgent)
      const nextInMinute =
        counted.length < perMinute ? 0 : (counted[counted.length - perMinute]?.at ?? now) + minute
      const waited = urgentSince === undefined ? Infinity : urgentSince + urgentWithinMs
      return Math.max(heldUntil, Math.min(nextInMinute, waited))
    },
    began(now, urgent = false) {
      begun.push({ at: now, urgent })
    },
    succeeded() {
      inARow = 0
      failures = 0
      heldUntil = 0
    },
    failed(now, retryAfter = 0) {
      // Attempts that were begun together fail together: that is one failure.
      inARow++
      if (inARow >= patience && now >= heldUntil) {
        const hold = Math.min(maxHold, 0.5 * 2 ** failures) * (0.5 + 0.5 * random())
        failures = Math.min(failures + 1, 20)
        heldUntil = now + hold * 1000
      }
      heldUntil = Math.max(heldUntil, now + retryAfter * 1000)
    },
  }
}
