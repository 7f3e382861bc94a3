import type { Delivery } from './delivery.ts'
import { keyOf } from './destination.ts'

/** The deliveries of one alert to one destination, which keep their order. */
function lineOf(delivery: Delivery): string {
  return `${keyOf(delivery)}/${delivery.notification.fingerprint}`
}

/** The oldest delivery of each alert to each destination. */
export function firstInLine(deliveries: Iterable<Delivery>): Delivery[] {
  const lines = new Map<string, Delivery>()
  for (const delivery of deliveries) {
    const line = lineOf(delivery)
    if (!lines.has(line)) lines.set(line, delivery)
  }
  return [...lines.values()]
}

/** Everything that waits in the same line, the oldest first. */
export function inLineWith(first: Delivery, deliveries: Iterable<Delivery>): Delivery[] {
  const line = lineOf(first)
  return [...deliveries].filter((other) => lineOf(other) === line)
}
