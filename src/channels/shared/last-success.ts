import type { Notification } from '../channel.ts'

/** When the target last worked, for a program: ISO 8601 in UTC, or `never`; nothing where nobody knows. */
export function lastSuccessOf({ lastSuccess }: Notification): string | undefined {
  return lastSuccess instanceof Date ? lastSuccess.toISOString() : lastSuccess
}
