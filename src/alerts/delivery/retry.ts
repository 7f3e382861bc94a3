import { DeliveryError } from '../../channels/channel.ts'
import { messageOf } from '../../lib/errors.ts'
import { plural } from '../../lib/text/text.ts'

/** When a delivery that failed is attempted again. */
export interface RetryPolicy {
  /** Seconds until the second attempt; every further wait is twice as long. Default 1. */
  readonly firstDelay?: number
  /** Seconds between two attempts at most. Default 300. */
  readonly maxDelay?: number
  /** Attempts at most. */
  readonly maxAttempts: number
  /** Seconds since the first attempt after which none is made. */
  readonly giveUpAfter: number
}

export interface Failed {
  /** Attempts made, the failed one included. */
  readonly attempts: number
  /** Unix milliseconds of the first attempt. */
  readonly firstAt: number
  readonly error: unknown
}

/** What to do after a failed attempt: try again at a moment (unix milliseconds), or give up. */
export type Verdict = { readonly retryAt: number } | { readonly giveUp: string }

/**
 * Decides what follows a failed attempt. The one place that retries: exponential backoff with full jitter on the upper half,
 * and never before the other side's `Retry-After`.
 *
 * @param random 0 to 1.
 */
export function afterFailure(
  { firstDelay = 1, maxDelay = 300, maxAttempts, giveUpAfter }: RetryPolicy,
  { attempts, firstAt, error }: Failed,
  now: number,
  random: () => number,
): Verdict {
  // What is not a DeliveryError is a fault of ours or of the machine: the next attempt may still succeed.
  const { retry, retryAfterSeconds = 0 } = error instanceof DeliveryError ? error : { retry: true }
  if (!retry) return { giveUp: messageOf(error) }
  if (attempts >= maxAttempts) return { giveUp: `${messageOf(error)} (${plural(attempts, 'attempt')})` }
  const backoff = Math.min(maxDelay, firstDelay * 2 ** (attempts - 1))
  const wait = Math.max(backoff * (0.5 + 0.5 * random()), retryAfterSeconds)
  const retryAt = now + wait * 1000
  if (retryAt - firstAt > giveUpAfter * 1000) {
    return {
      giveUp: `${messageOf(error)} (${plural(attempts, 'attempt')} in ${Math.round((now - firstAt) / 1000)} s)`,
    }
  }
  return { retryAt }
}

/** Whether the same notification would be refused again. */
export function isFinal(error: unknown): boolean {
  return error instanceof DeliveryError && !error.retry
}

/** Whether that is because of what the notification says: another one may be taken. */
export function isAboutTheText(error: unknown): boolean {
  return error instanceof DeliveryError && error.maybeTooLong && !error.retry
}
