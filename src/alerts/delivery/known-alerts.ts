import type { Plan } from '../../config/notify/routing.ts'
import type { AlertState } from './alert-state.ts'
import type { WriteBehind } from './write-behind.ts'

export interface KnownAlertsOptions {
  readonly state: WriteBehind
  /** Who is notified of an alert with these labels. */
  readonly plans: (labels: Readonly<Record<string, string>>) => readonly Plan[]
  /** What an earlier process left behind. */
  readonly alerts: readonly AlertState[]
  /** Alerts that are remembered; beyond it, those that were heard of longest ago are forgotten. */
  readonly maxAlerts: number
  /** Called with an alert that is forgotten. */
  readonly forgotten: (fingerprint: string) => void
}

/** The alerts that are remembered, those that were heard of longest ago first. */
export interface KnownAlerts {
  readonly get: (fingerprint: string) => AlertState | undefined
  readonly all: () => AlertState[]
  /** @returns The same. */
  readonly keep: (next: AlertState) => AlertState
  readonly forget: (fingerprint: string) => void
}

/** Remembers alerts, on the disk those that somebody is notified of. */
export function knownAlerts({ state, plans, alerts, maxAlerts, forgotten }: KnownAlertsOptions): KnownAlerts {
  const known = new Map(alerts.map((one) => [one.alert.fingerprint, one]))
  /** Those that are in the state file. */
  const stored = new Set(known.keys())

  /** What nobody is notified of is not worth storing: Alertmanager repeats it. */
  function concernsAnybody({ alert, channels }: AlertState): boolean {
    return Object.keys(channels).length > 0 || plans(alert.labels).length > 0
  }

  function forget(fingerprint: string): void {
    if (stored.delete(fingerprint)) state.set(`alert/${fingerprint}`, undefined)
    known.delete(fingerprint)
    forgotten(fingerprint)
  }

  return {
    get: (fingerprint) => known.get(fingerprint),
    all: () => [...known.values()],
    keep(next) {
      const { fingerprint } = next.alert
      known.delete(fingerprint)
      known.set(fingerprint, next)
      if (stored.has(fingerprint) || concernsAnybody(next)) {
        stored.add(fingerprint)
        state.set(`alert/${fingerprint}`, next)
      }
      for (const oldest of known.keys()) {
        if (known.size <= maxAlerts) break
        forget(oldest)
      }
      return next
    },
    forget,
  }
}
