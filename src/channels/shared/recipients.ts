import type { Notification } from '../channel.ts'

/** Who was already notified, where one notification goes to several people and only some of them could be reached. */
export interface Recipients {
  /** Those who do not have it yet. */
  readonly pending: (notification: Notification) => string[]
  /** They have it now. What everybody has is forgotten. */
  readonly told: (notification: Notification, recipients: Iterable<string>) => void
  /** No further attempt will be made for it. */
  readonly forget: (notification: Notification) => void
}

/** Notifications that are remembered; beyond it, the oldest are forgotten. */
const maxRemembered = 1000

/** A repeated attempt is for those only whom the attempts before did not reach. */
export function trackRecipients(all: readonly string[]): Recipients {
  const toldOf = new Map<string, Set<string>>()
  return {
    pending(notification) {
      const told = toldOf.get(keyOf(notification))
      return all.filter((recipient) => !told?.has(recipient))
    },
    told(notification, recipients) {
      const key = keyOf(notification)
      const told = new Set([...(toldOf.get(key) ?? []), ...recipients])
      toldOf.delete(key)
      if (all.every((recipient) => told.has(recipient))) return
      toldOf.set(key, told)
      const [oldest] = toldOf.keys()
      if (toldOf.size > maxRemembered && oldest !== undefined) toldOf.delete(oldest)
    },
    forget(notification) {
      toldOf.delete(keyOf(notification))
    },
  }
}

function keyOf({ fingerprint, status, startsAt, alertCount }: Notification): string {
  return [fingerprint, status, startsAt.getTime(), alertCount ?? ''].join(' ')
}
