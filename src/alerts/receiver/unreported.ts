import type { Alert } from '../alert.ts'
import { fingerprintOf } from '../evaluator/fingerprint.ts'
import { identityOf } from './identity.ts'

/** An alert that Alertmanager has, also if it is silenced or inhibited. */
export interface KnownAlert extends Pick<Alert, 'labels' | 'annotations'> {
  /** Whether a silence mutes it. Default: none does. */
  readonly silenced?: boolean
}

export interface UnreportedOptions {
  /**
   * Milliseconds for which Alertmanager must not know an alert until it has ended. Default 5 min: Prometheus sends what fires once a
   * minute, so that an Alertmanager that has restarted, which forgets all alerts, knows them again long before.
   */
  readonly graceMs?: number
  /** Alerts that are remembered; beyond it, those that were heard of longest ago are forgotten. Default 10,000. */
  readonly maxRemembered?: number
}

/** The alerts of which the end may have been missed. Times are milliseconds of a clock that does not jump. */
export interface Unreported {
  /** To be called with what fired when the last process ended, and with what Alertmanager sends. */
  readonly hear: (alerts: readonly Alert[]) => void
  /** Compares what fires with what Alertmanager has; undefined if that is not known now, so that the time starts again. */
  readonly compare: (known: readonly KnownAlert[] | undefined, now: number) => void
  /** What has ended without a message, with its end. It is returned until its end is heard. */
  readonly ended: (now: number, endsAt: Date) => Alert[]
  /** Whether Alertmanager did not know the alert when it was last asked: it is not repeated meanwhile. */
  readonly isInDoubt: (alert: Pick<Alert, 'labels'>) => boolean
}

interface Watched {
  readonly alert: Alert
  readonly missingSince?: number
}

/**
 * Finds the alerts that Alertmanager has forgotten. If it is killed while an alert fires, and the alert ends before it is back, it
 * never sends the end.
 */
export function unreportedAlerts(options: UnreportedOptions = {}): Unreported {
  const { graceMs = 300_000, maxRemembered = 10_000 } = options
  /** By the fingerprint that Alertmanager has for the labels. */
  const watched = new Map<string, Watched>()

  function hear(alerts: readonly Alert[]): void {
    for (const alert of alerts) {
      const key = fingerprintOf(alert.labels)
      watched.delete(key)
      if (alert.status === 'firing') watched.set(key, { alert })
    }
    for (const oldest of watched.keys()) {
      if (watched.size <= maxRemembered) return
      watched.delete(oldest)
    }
  }

  return {
    hear,
    compare(known, now) {
      const names = new Set(known?.flatMap(namesOf))
      for (const [key, { alert, missingSince = now }] of watched) {
        const missing = known !== undefined && !namesOf(alert).some((name) => names.has(name))
        watched.set(key, { alert, ...(missing && { missingSince }) })
      }
    },
    ended: (now, endsAt) =>
      [...watched.values()].flatMap(({ alert, missingSince }) =>
        missingSince === undefined || now - missingSince < graceMs
          ? []
          : [
              {
                ...alert,
                status: 'resolved',
                endsAt,
                annotations: { ...alert.annotations, ended: 'unreported' },
              },
            ],
      ),
    isInDoubt: ({ labels }) => watched.get(fingerprintOf(labels))?.missingSince !== undefined,
  }
}

/** What an alert may be known as: its target may have been edited or renamed while it fires. */
export function namesOf({ labels, annotations }: KnownAlert): string[] {
  const targets = [labels['target'] ?? '', ...(annotations['was']?.split('\n') ?? [])]
  return [fingerprintOf(labels), ...targets.flatMap((target) => identityOf(labels, target) ?? [])]
}
