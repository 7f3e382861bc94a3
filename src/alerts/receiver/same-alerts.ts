import type { Alert } from '../alert.ts'
import { fingerprintOf } from '../evaluator/fingerprint.ts'
import { identityOf } from './identity.ts'

/** What was last reported about one alert. */
export interface Reported extends Pick<Alert, 'fingerprint' | 'status' | 'startsAt'> {
  readonly labels?: Alert['labels']
}

export interface SameAlertsOptions {
  /** What was reported before this process began, the oldest first. */
  readonly history?: Iterable<Reported>
  /** Alerts that are remembered; beyond it, those that were heard of longest ago are forgotten. Default 10,000. */
  readonly maxRemembered?: number
}

/** One alert through every edit of its target. */
interface Known {
  /** As it was first reported, which it keeps. */
  readonly fingerprint: string
  readonly startsAt: Date
  /** As Alertmanager has it now. */
  readonly current: Pick<Alert, 'fingerprint' | 'startsAt'>
  /** The fingerprints that it had before the edits. */
  readonly replaced: readonly string[]
  readonly ended: boolean
  /** It goes on under another name of its target: an end under this one changes nothing. Absent: it does not. */
  readonly moved?: boolean
}

/**
 * Makes one alert of what Alertmanager takes for several. An edit of a label or of the severity makes a new alert there, and ends the
 * old one; so does a new name, which the annotation `was` connects with the old ones. Here the alert goes on, with its new labels,
 * under the fingerprint and the start with which it was first reported.
 *
 * @returns A function that is to see every message, in order, and leaves out what changes nothing.
 */
export function sameAlerts({ history = [], maxRemembered = 10_000 }: SameAlertsOptions = {}) {
  const known = new Map<string, Known>()
  /** The alerts that old fingerprints belong to now. */
  const replacedBy = new Map<string, string>()

  for (const { labels, fingerprint, status, startsAt } of history) {
    const id = labels && identityOf(labels)
    if (!labels || id === undefined) continue
    const current = { fingerprint: fingerprintOf(labels), startsAt }
    remember(id, { fingerprint, startsAt, current, replaced: [], ended: status === 'resolved' })
  }

  function forget(id: string): void {
    for (const fingerprint of known.get(id)?.replaced ?? []) replacedBy.delete(fingerprint)
    known.delete(id)
  }

  function remember(id: string, alert: Known): void {
    forget(id)
    known.set(id, alert)
    for (const fingerprint of alert.replaced) replacedBy.set(fingerprint, id)
    for (const oldest of known.keys()) {
      if (known.size <= maxRemembered) break
      forget(oldest)
    }
  }

  /** Takes what was reported under an earlier name of the target. */
  function takeOver({ labels, annotations }: Alert): Known | undefined {
    for (const name of annotations.was?.split('\n') ?? []) {
      const id = identityOf(labels, name)
      const before = id === undefined ? undefined : known.get(id)
      if (id === undefined || !before || before.ended) continue
      remember(id, { ...before, replaced: [], ended: true, moved: true })
      return before
    }
    return undefined
  }

  function began(alert: Alert, id: string): Alert[] {
    const { fingerprint, startsAt } = alert
    const own = known.get(id)
    const before = own && !own.ended ? own : (takeOver(alert) ?? own)
    const current = { fingerprint, startsAt }
    if (!before || before.ended) {
      remember(id, { ...current, current, replaced: [], ended: false })
      return [alert]
    }
    const later = startsAt > before.current.startsAt
    if (fingerprint === before.current.fingerprint) {
      // It has ended meanwhile, which nobody has said.
      const start = later ? startsAt : before.startsAt
      remember(id, { ...before, startsAt: start, current: later ? current : before.current })
      return [{ ...alert, fingerprint: before.fingerprint, startsAt: start }]
    }
    if (before.replaced.includes(fingerprint) && !later) return []
    const replaced = [...before.replaced, before.current.fingerprint].filter((old) => old !== fingerprint)
    remember(id, { ...before, current, replaced })
    return [{ ...alert, fingerprint: before.fingerprint, startsAt: before.startsAt }]
  }

  function ended(alert: Alert, id: string): Alert[] {
    const before = known.get(id)
    if (replacedBy.has(alert.fingerprint) || before?.moved) return []
    if (!before) return [alert]
    remember(id, { ...before, ended: true })
    return [{ ...alert, fingerprint: before.fingerprint, startsAt: before.startsAt }]
  }

  return (alerts: readonly Alert[]): Alert[] => {
    // Beginnings first: they say which of the ends are none.
    const begun = new Map(
      alerts.flatMap((alert) => {
        const id = alert.status === 'firing' ? identityOf(alert.labels) : undefined
        return id === undefined ? [] : [[alert, began(alert, id)] as const]
      }),
    )
    return alerts.flatMap((alert) => {
      const id = identityOf(alert.labels)
      if (id === undefined) return [alert]
      return begun.get(alert) ?? ended(alert, id)
    })
  }
}
