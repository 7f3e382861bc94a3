import type { LabelMatcher } from '../../config/notify/matchers.ts'
import type { Alert } from '../alert.ts'

type Labels = Readonly<Record<string, string>>

/** For some time, nobody is notified that some alerts fire. */
export interface Silence {
  readonly id: string
  /** All of them hold for the alerts that it is about. */
  readonly matchers: readonly LabelMatcher[]
  readonly startsAt: Date
  readonly endsAt: Date
  readonly createdBy: string
  /** Why. */
  readonly comment: string
  /** Somebody takes care of this alert: it ends with the incident. Default: it is about whatever the matchers say. */
  readonly acknowledges?: Acknowledged
}

/** One alert, from its beginning to its end. */
export interface Acknowledged {
  readonly alertname: string
  readonly target: string
  /** Undefined where Alertmanager keeps it, which knows no incidents. */
  readonly incident?: AcknowledgedIncident
}

/** The incident that somebody takes care of. */
export interface AcknowledgedIncident {
  readonly fingerprint: string
  /** As the solo has it on which it was acknowledged. */
  readonly startsAt: Date
  /**
   * The other one of two solos acknowledged it, and this one has not found it yet: it is the incident that begins here by then.
   * Default: it is the one that began at `startsAt`.
   */
  readonly startsBy?: Date
}

/** Whether a silence is in force. @param now Unix milliseconds. */
export function isInForce({ startsAt, endsAt }: Pick<Silence, 'startsAt' | 'endsAt'>, now: number): boolean {
  return startsAt.getTime() <= now && now < endsAt.getTime()
}

/** Whether a silence, while it is in force, is about an alert. */
export function isAbout(
  { matchers, acknowledges }: Pick<Silence, 'matchers' | 'acknowledges'>,
  alert: Pick<Alert, 'labels' | 'fingerprint' | 'startsAt'>,
): boolean {
  const incident = acknowledges?.incident
  if (incident) {
    const { fingerprint, startsAt, startsBy } = incident
    if (fingerprint !== alert.fingerprint) return false
    return startsBy ? alert.startsAt <= startsBy : alert.startsAt.getTime() === startsAt.getTime()
  }
  return matchers.every(({ matches }) => matches(alert.labels))
}

/** The labels that a rule adds, or may set otherwise than the target has them. */
const ofRules: ReadonlySet<string> = new Set(['alertname', 'severity'])

/**
 * How far a silence is about a target: about all of its alerts, about some, or about none. The silence of one alert is about
 * some.
 *
 * @param labels Those of the target, which every alert has.
 */
export function reachOf({ matchers, acknowledges }: Silence, labels: Labels): 'all' | 'some' | 'none' {
  if (acknowledges) return acknowledges.target === labels['target'] ? 'some' : 'none'
  if (!matchers.every(({ label, matches }) => ofRules.has(label) || matches(labels))) return 'none'
  return matchers.some(({ label }) => ofRules.has(label)) ? 'some' : 'all'
}
