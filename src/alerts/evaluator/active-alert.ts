import type { Alert } from '../alert.ts'
import { fingerprintOf } from './fingerprint.ts'
import type { ActiveAlert } from './state.ts'

/**
 * When a failure began does not change while it goes on. Where nothing was checked yet since a restart, nothing is known but
 * what was said before it.
 */
export function refreshed(
  { annotations }: ActiveAlert,
  now: Readonly<Record<string, string>>,
): Record<string, string> {
  if (now.reason === '') return { ...annotations, ...(now.was !== undefined && { was: now.was }) }
  const since = annotations.failing_since
  return { ...now, ...(since !== undefined && { failing_since: since }) }
}

/** As receivers see it. */
export function asAlert({ labels, annotations, startsAt, fingerprint }: ActiveAlert): Alert {
  return {
    status: 'firing',
    labels,
    annotations,
    startsAt: new Date(startsAt * 1000),
    fingerprint: fingerprint ?? fingerprintOf(labels),
  }
}

/** The same alert with the labels that its target has now. Where these are others, it is to be sent again. */
export function relabelled(alert: ActiveAlert, labels: Readonly<Record<string, string>>): ActiveAlert {
  const { fingerprint = fingerprintOf(alert.labels), toldAt } = alert
  if (fingerprintOf(labels) === fingerprintOf(alert.labels)) return alert
  return { ...alert, labels, fingerprint, ...(toldAt !== undefined && { toldAt: 0 }) }
}

/** Its end; nothing where it was never sent, because that needs no end. */
export function resolved(alert: ActiveAlert, now: number): Alert[] {
  if (alert.toldAt === undefined) return []
  return [{ ...asAlert(alert), status: 'resolved', endsAt: new Date(now * 1000) }]
}

/** Why a target is not watched any more: it is gone from the configuration, or it is paused there. */
export type Abandonment = 'unwatched' | 'paused'

/** Its end where the target is no longer watched: nobody knows whether it has recovered. */
export function abandoned(alert: ActiveAlert, now: number, ended: Abandonment): Alert[] {
  const annotations = { ...alert.annotations, ended }
  return resolved({ ...alert, annotations }, now)
}
