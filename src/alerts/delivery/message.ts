import type { Notification } from '../../channels/channel.ts'
import type { Delivery } from './delivery.ts'

/** What one message is about: one delivery, or those of a group. All of them go to one destination. */
export type Message = readonly [Delivery, ...Delivery[]]

/** The same at the beginning of an attempt, in unix milliseconds. */
export function begun([first, ...others]: Message, now: number): Message {
  const attempt = (delivery: Delivery): Delivery => ({
    ...delivery,
    attempts: delivery.attempts + 1,
    firstAt: delivery.firstAt ?? now,
    underway: true,
  })
  return [attempt(first), ...others.map(attempt)]
}

/** The notification of a message. @param remark What is to be said about the message itself. */
export function together([{ notification }, ...others]: Message, remark?: string): Notification {
  return {
    ...notification,
    ...(others.length > 0 && { others: others.map((other) => other.notification) }),
    ...(remark !== undefined && { remark }),
  }
}
