import type { Alert } from '../../alerts/alert.ts'
import type { Incident } from '../../web/status/status.ts'

/** The alerts that are a state of their target, the worst first. */
export const stateAlerts = [
  ['CallsErrorRateHigh', 'failing'],
  ['CallsSlow', 'slow'],
  ['CallsMissing', 'silent'],
] as const

/** An alert in its newest words, and as it was when it began. */
export interface PastAlert {
  readonly alert: Alert
  readonly first: Alert
}

type Group = [PastAlert, ...PastAlert[]]

/**
 * The incidents of targets without a check, the newest first. Alerts that are a state of the same target and overlap are one incident: a
 * target that is slow and then fails has one bad time, not two. Every other alert, such as that of a version, is a separate incident.
 *
 * @param alerts Firing and resolved ones, in any order.
 * @param now Milliseconds since 1970.
 */
export function incidentsOf(alerts: readonly PastAlert[], now: number): Incident[] {
  const groups: Group[] = []
  for (const past of alerts.toSorted((a, b) => a.alert.startsAt.getTime() - b.alert.startsAt.getTime())) {
    const same = groups.find((group) => isSameTime(group, past.alert))
    if (same) same.push(past)
    else groups.push([past])
  }
  return groups
    .map((group) => incidentOf(group, now))
    .toSorted((a, b) => b.startedAt.getTime() - a.startedAt.getTime())
}

function isSameTime(group: Group, alert: Alert): boolean {
  return (
    rankOf(alert) >= 0 &&
    group.some(
      ({ alert: one }) =>
        rankOf(one) >= 0 &&
        one.labels.target === alert.labels.target &&
        (one.endsAt?.getTime() ?? Infinity) >= alert.startsAt.getTime(),
    )
  )
}

/** What the alerts say is the evidence: first what began, as it began, and last the newest words of the worst of what ended last or lasts. */
function incidentOf(group: Group, now: number): Incident {
  const [{ first }] = group
  const ends = group.map(({ alert }) => alert.endsAt?.getTime() ?? Infinity)
  const end = Math.max(...ends)
  const endedAt = Number.isFinite(end) ? new Date(end) : undefined
  const lasting = group.filter((_, index) => ends[index] === end).map(({ alert }) => alert)
  const last = lasting.toSorted((a, b) => rankOf(a) - rankOf(b))[0] ?? first
  return {
    target: last.labels.target ?? '',
    startedAt: first.startsAt,
    ...(endedAt && { endedAt }),
    durationSeconds: Math.max(0, Math.min(end, now) - first.startsAt.getTime()) / 1000,
    ...(last.annotations.ended !== undefined && { noLongerWatched: true }),
    firstFailure: { at: first.startsAt, ...evidenceOf(first) },
    lastFailure: { at: endedAt ?? new Date(now), ...evidenceOf(last) },
  }
}

function evidenceOf({ labels, annotations }: Alert): { reason: string; message: string } {
  return { reason: labels.alertname ?? '', message: annotations.summary ?? '' }
}

/** 0 for the worst state; -1 where the alert is not a state of its target. */
function rankOf({ labels }: Alert): number {
  return stateAlerts.findIndex(([alertname]) => alertname === labels.alertname)
}
