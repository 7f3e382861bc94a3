import type { Notification } from '../../channels/channel.ts'
import type { Delivery } from './delivery.ts'

/** Milliseconds that limits on the number of messages may hold back a critical alert. */
export const urgentWithinMs = 30_000

const severities = ['critical', 'error', 'warning', 'info']

type Judged = Pick<Notification, 'severity' | 'status'>

/** Whether it may not wait behind others: the beginning of a critical alert. */
export function isUrgent({ severity, status }: Judged): boolean {
  return severity === 'critical' && status === 'firing'
}

/** Since when an urgent delivery waits; undefined where it is not urgent. */
export function urgentSince({
  notification,
  createdAt,
}: Pick<Delivery, 'notification' | 'createdAt'>): number | undefined {
  return isUrgent(notification) ? createdAt : undefined
}

/** What goes first: smaller numbers do. The end of an alert follows the beginnings of the same severity. */
export function rankOf({ severity, status }: Judged): number {
  const known = severities.indexOf(severity)
  return 2 * (known === -1 ? severities.length : known) + (status === 'firing' ? 0 : 1)
}
