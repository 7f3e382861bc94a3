import type { Clock } from '../../lib/time/clock.ts'
import type { Alert } from '../alert.ts'
import { namesOf, type KnownAlert } from './unreported.ts'

/** The alerts that Alertmanager had silenced when it was last asked. */
export interface SilencedAlerts {
  /** To be called with what Alertmanager has; undefined if that is not known now. @returns Whether others are silenced now. */
  readonly hear: (known: readonly KnownAlert[] | undefined) => boolean
  /** Until when an alert is muted at least, in unix milliseconds; undefined where it is not. */
  readonly mutedUntil: (alert: Alert) => number | undefined
}

export interface SilencedAlertsOptions {
  readonly clock: Clock
  /** Milliseconds between two questions. */
  readonly everyMs: number
  /** Milliseconds without an answer after which nothing is silenced: rather a message too many. Default 10 min. */
  readonly forgetMs?: number
}

/**
 * Remembers what is silenced: Alertmanager sends nothing about an alert from then on, and what was sent before must not be
 * repeated.
 */
export function silencedAlerts({
  clock,
  everyMs,
  forgetMs = 600_000,
}: SilencedAlertsOptions): SilencedAlerts {
  let names = new Set<string>()
  let heardAt = -Infinity
  return {
    hear(known) {
      if (!known && clock.monotonic() - heardAt < forgetMs) return false
      const before = names
      names = new Set(known?.flatMap((alert) => (alert.silenced ? namesOf(alert) : [])))
      if (known) heardAt = clock.monotonic()
      return names.size !== before.size || [...names].some((name) => !before.has(name))
    },
    mutedUntil: (alert) =>
      namesOf(alert).some((name) => names.has(name)) ? clock.now() + everyMs : undefined,
  }
}
