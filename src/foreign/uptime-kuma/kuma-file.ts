import type { Fields } from '../shared/fields.ts'

/** What Uptime Kuma keeps, whether it comes from its database or from a backup: with the keys of the backup. */
export interface KumaFile {
  /** Each has its tags as `tags`, and the ids of its notifications as `notificationIDList`. */
  readonly monitors: readonly Fields[]
  readonly notifications: readonly Fields[]
  readonly proxies: readonly Fields[]
  /** Each has the ids of its monitors as `monitors`. */
  readonly maintenances: readonly Fields[]
  /** Each has its `groups`, which have a `name` and the ids of their `monitors`. */
  readonly pages: readonly Fields[]
  /** That of the server, where it is known. */
  readonly timezone?: string
}

/** Whether a key is on: JSON has `true`, and SQLite has 1. */
export function isOn(fields: Fields, key: string): boolean {
  return ['true', '1'].includes(fields.text(key) ?? '')
}

/** Whether a key says that something is off; a key that is missing says nothing. */
export function isOff(fields: Fields, key: string): boolean {
  return ['false', '0'].includes(fields.text(key) ?? '')
}
