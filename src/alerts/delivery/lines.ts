import type { Delivery } from './delivery.ts'
import { keyOf, type Destination } from './destination.ts'
import { rankOf } from './urgency.ts'

/** The deliveries of each alert to each destination, which keep their order. Every question costs no more than its answer. */
export interface Lines {
  /** Adds a delivery, or replaces it in its place. */
  readonly keep: (delivery: Delivery) => void
  readonly drop: (delivery: Delivery) => void
  /** The oldest of each line: the most severe first, and of those the oldest. */
  readonly heads: () => Delivery[]
  /** The line of an alert, the oldest first. */
  readonly of: (to: Destination, fingerprint: string) => Delivery[]
}

export function createLines(): Lines {
  const lines = new Map<string, Map<number, Delivery>>()
  const nameOf = (to: Destination, fingerprint: string): string => `${keyOf(to)}/${fingerprint}`
  return {
    keep(delivery) {
      const name = nameOf(delivery, delivery.notification.fingerprint)
      const line = lines.get(name) ?? new Map<number, Delivery>()
      lines.set(name, line.set(delivery.id, delivery))
    },
    drop(delivery) {
      const name = nameOf(delivery, delivery.notification.fingerprint)
      const line = lines.get(name)
      line?.delete(delivery.id)
      if (line?.size === 0) lines.delete(name)
    },
    heads: () =>
      [...lines.values()]
        .flatMap((line) => [...line.values()].slice(0, 1))
        .sort((a, b) => rankOf(a.notification) - rankOf(b.notification) || a.id - b.id),
    of: (to, fingerprint) => [...(lines.get(nameOf(to, fingerprint))?.values() ?? [])],
  }
}
