import type { Alert } from '../alert.ts'

/** Names that a message lists. */
const maxNames = 5

/** Alerts that are remembered at most; those heard of longest ago are forgotten. */
const maxRemembered = 10_000

/** An alert about failures says which other targets fail at the same time: one cause is likely then. */
export function withAlsoFailing(alert: Alert, failing: Iterable<string>): Alert {
  const { annotations, labels, status } = alert
  if (status !== 'firing' || !annotations.reason) return alert
  const others = [...new Set(failing)].filter((name) => name !== labels.target).sort()
  if (others.length === 0) return alert
  const names = others.slice(0, maxNames).join(', ')
  const more = others.length > maxNames ? ` and ${others.length - maxNames} more` : ''
  return { ...alert, annotations: { ...annotations, also_failing: `${names}${more}` } }
}

/** Remembers, of the alerts that go by, which targets fail. */
export interface FailingTargets {
  readonly hear: (alerts: readonly Alert[]) => void
  readonly names: () => string[]
}

export function failingTargets(): FailingTargets {
  const targets = new Map<string, string>()
  return {
    hear(alerts) {
      for (const { fingerprint, status, labels, annotations } of alerts) {
        targets.delete(fingerprint)
        if (status === 'firing' && annotations.reason && labels.target)
          targets.set(fingerprint, labels.target)
      }
      for (const oldest of targets.keys()) {
        if (targets.size <= maxRemembered) break
        targets.delete(oldest)
      }
    },
    names: () => [...targets.values()],
  }
}
