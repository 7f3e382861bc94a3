import type { DeliverySettings } from '../../config/notify/notify.ts'
import type { Delivery } from './delivery.ts'
import { keyOf } from './destination.ts'
import { urgentSince, urgentWithinMs } from './urgency.ts'

/** Groups that are ready at once and go out as separate messages; with more than these, one message says it all. */
const maxAtOnce = 5
/**
 * Messages to one destination in a minute. After these, what comes waits for the minute to pass, critical alerts for 30 s, and
 * goes out as one.
 */
const maxInAMinute = 10
const minuteMs = 60_000

/** Decides which deliveries become one message, and when, as Alertmanager does with `group_by`, `group_wait` and `group_interval`. */
export interface MessageGroups {
  /** Whether it may go out with others. */
  readonly isGrouped: (delivery: Delivery) => boolean
  /** When the delivery may go out, in unix milliseconds. */
  readonly readyAt: (delivery: Delivery, now: number) => number
  /**
   * The other deliveries that go out with one that is ready.
   *
   * @param waiting Those that are not under way.
   */
  readonly matesOf: (delivery: Delivery, waiting: readonly Delivery[], now: number) => readonly Delivery[]
  /** A message with these begins to go out. */
  readonly began: (deliveries: readonly Delivery[], now: number) => void
  /** It did not arrive: the next attempt waits for its own time alone. */
  readonly failed: (deliveries: readonly Delivery[]) => void
}

/** @param settingsOf Those of a channel. */
export function messageGroups(settingsOf: (channel: string) => DeliverySettings): MessageGroups {
  /** When a message about each group last went out. */
  const lastAt = new Map<string, number>()
  /** When the latest messages to each destination went out. */
  const recent = new Map<string, number[]>()

  /** Undefined where each alert has a message to itself. */
  function groupOf(delivery: Delivery): string | undefined {
    const { group } = settingsOf(delivery.channel)
    if (group === undefined || delivery.alone || delivery.notification.test) return undefined
    const labels = group.by.map((name) => delivery.notification.labels[name] ?? '')
    return JSON.stringify([keyOf(delivery), ...labels])
  }

  /** 0 where there is no storm. */
  function stormEndsAt(destination: string, now: number): number {
    const messages = (recent.get(destination) ?? []).filter((at) => at > now - minuteMs)
    return messages.length >= maxInAMinute ? (messages[0] ?? 0) + minuteMs : 0
  }

  function readyAt(delivery: Delivery, now: number): number {
    const { group } = settingsOf(delivery.channel)
    const key = groupOf(delivery)
    if (group === undefined || key === undefined) return 0
    const patience = (urgentSince(delivery) ?? Infinity) + urgentWithinMs
    const stormEnds = Math.min(stormEndsAt(keyOf(delivery), now), patience)
    const next = (lastAt.get(key) ?? -Infinity) + group.interval * 1000
    return Math.max(delivery.createdAt + group.wait * 1000, next, stormEnds)
  }

  return {
    isGrouped: (delivery) => groupOf(delivery) !== undefined,
    readyAt,
    matesOf(delivery, waiting, now) {
      const key = groupOf(delivery)
      if (key === undefined) return []
      const destination = keyOf(delivery)
      const mates = waiting.filter(
        (other) => other.id !== delivery.id && keyOf(other) === destination && groupOf(other) !== undefined,
      )
      // A critical alert that did not wait for the end of the storm takes along what waits for it.
      if (stormEndsAt(destination, now) > now) return mates
      const ready = new Set(mates.filter((other) => readyAt(other, now) <= now).map(groupOf))
      return ready.add(key).size > maxAtOnce ? mates : mates.filter((other) => groupOf(other) === key)
    },
    began(deliveries, now) {
      const [first] = deliveries
      if (first === undefined || groupOf(first) === undefined) return
      for (const delivery of deliveries) lastAt.set(groupOf(delivery) ?? '', now)
      const destination = keyOf(first)
      const messages = (recent.get(destination) ?? []).filter((at) => at > now - minuteMs)
      recent.set(destination, [...messages, now])
      // A group that has been silent for an hour begins again.
      for (const [key, at] of lastAt) if (at < now - 60 * minuteMs) lastAt.delete(key)
    },
    failed(deliveries) {
      for (const delivery of deliveries) lastAt.delete(groupOf(delivery) ?? '')
    },
  }
}
