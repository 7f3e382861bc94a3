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
  if (now.reason === '') return { ...annotations }
  const since = annotations.failing_since
  return { ...now, ...(since !== undefined && { failing_since: since }) }
}

/** As receivers see it. */
export function asAlert({ labels, annotations, startsAt }: ActiveAlert): Alert {
  return {
    status: 'firing',
    labels,
    annotations,
    startsAt: new Date(startsAt * 1000),
    fingerprint: fingerprintOf(labels),
  }
}

/** Its end; nothing where it was never sent, because that needs no end. */
export function resolved(alert: ActiveAlert, now: number): Alert[] {
  if (alert.toldAt === undefined) return []
  return [{ ...asAlert(alert), status: 'resolved', endsAt: new Date(now * 1000) }]
}
