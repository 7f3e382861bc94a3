import { networkOf } from '../../lib/http/network-of.ts'
import type { Clock } from '../../lib/time/clock.ts'
import { createCounts } from '../../lib/counts.ts'

/** Wrong passwords in one window, from one address and for one user. */
const [maxFromAddress, maxForUser] = [10, 30]
const windowMs = 300_000

/** One attempt that is allowed. */
export interface Attempt {
  /** To be called where it must not count: it was right. */
  readonly takeBack: () => void
}

/** Limits how many passwords somebody may try. */
export interface Attempts {
  /** Counts an attempt before its outcome is known: of many at once, not all may pass. @returns Or the seconds to wait. */
  readonly begin: (address: string, user: string) => Attempt | number
}

/** Starts without attempts. */
export function createAttempts(clock: Pick<Clock, 'monotonic'>): Attempts {
  const addresses = createCounts(clock, { max: maxFromAddress, windowMs })
  const users = createCounts(clock, { max: maxForUser, windowMs })
  return {
    begin(address, user) {
      const from = networkOf(address)
      const wait = Math.max(addresses.wait(from), users.wait(user))
      if (wait > 0) return Math.ceil(wait / 1000)
      const counted = [addresses.count(from), users.count(user)]
      return {
        takeBack() {
          for (const takeBack of counted) takeBack()
        },
      }
    },
  }
}
