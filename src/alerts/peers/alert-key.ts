import type { Delivery } from '../delivery/delivery.ts'
import { keyOf } from '../delivery/destination.ts'
import { fingerprintOf } from '../evaluator/fingerprint.ts'

type Labels = Readonly<Record<string, string>>

/** The labels of what is remembered are the same objects for as long. */
const known = new WeakMap<Labels, string>()

/** Identifies an alert on both solos of a pair, which may probe from different locations. */
export function alertKey(labels: Labels): string {
  const before = known.get(labels)
  if (before !== undefined) return before
  const { location: _location, ...shared } = labels
  const key = fingerprintOf(shared)
  known.set(labels, key)
  return key
}

/** Identifies an alert at one destination on both solos. */
export function sentKey(delivery: Delivery): string {
  return `${alertKey(delivery.notification.labels)} ${keyOf(delivery)}`
}

/** The key of the alert in one that `sentKey` gave. */
export function alertOf(key: string): string {
  return key.split(' ', 1)[0] ?? ''
}
