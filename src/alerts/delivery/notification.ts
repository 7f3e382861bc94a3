import { endings, type Notification } from '../../channels/channel.ts'
import { dateTime } from '../../lib/text/date-time.ts'
import type { Alert } from '../alert.ts'
import { failureCount, failureOf } from './cadence.ts'

export interface NotificationContext {
  /** Unix milliseconds. */
  readonly now: number
  /** Which notification of the alert this is. */
  readonly count: number
}

/** Annotations that a notification has as they are, by its own names for them. */
const copied = {
  seen: 'seen',
  reason: 'reason',
  phases: 'phases',
  lastOutput: 'last_output',
  alsoFailing: 'also_failing',
  witnesses: 'witnesses',
  afterMark: 'after_mark',
  shared: 'shared',
  repair: 'repair',
  route: 'route',
  targetUrl: 'target_url',
  incidentUrl: 'incident_url',
} as const satisfies Partial<Record<keyof Notification, string>>

/** The same of what makes no sense at its end. */
const whileFiring = {
  acknowledgeUrl: 'acknowledge_url',
  silenceUrl: 'silence_url',
} as const satisfies Partial<Record<keyof Notification, string>>

/** The words of an alert, as its rule wrote them into labels and annotations, and as others added to them. */
export function toNotification(
  { labels, annotations, ...alert }: Alert,
  context?: NotificationContext,
): Notification {
  const alertname = labels.alertname ?? ''
  return {
    ...alert,
    labels,
    alertname,
    target: labels.target ?? '',
    severity: labels.severity ?? '',
    summary: summaryOf(annotations) ?? alertname,
    description: annotations.description ?? '',
    ...given(copied, annotations),
    ...(alert.status === 'firing' && given(whileFiring, annotations)),
    ...lastSuccess(annotations),
    ...(annotations.was && { formerly: annotations.was.trim().split('\n').join(', ') }),
    ...ending(annotations),
    runbookUrl: annotations.runbook_url ?? '',
    dashboardUrl: annotations.dashboard_url ?? '',
    ...(context && counted({ labels, annotations, ...alert }, context)),
  }
}

function given(
  names: Partial<Record<keyof Notification, string>>,
  annotations: Alert['annotations'],
): Partial<Notification> {
  return Object.fromEntries(
    Object.entries(names)
      .map(([name, annotation]) => [name, annotations[annotation] ?? ''] as const)
      .filter(([, text]) => text !== ''),
  )
}

/** The closed set of reasons is for machines: where the message is known, it stands next to the reason. */
function summaryOf({ summary, reason, seen }: Alert['annotations']): string | undefined {
  if (summary === undefined || !reason || !seen) return summary
  return summary.replace(`: ${reason}`, () => `: ${reason} (${seen})`)
}

function ending(annotations: Alert['annotations']): Partial<Notification> {
  const ended = endings.find((one) => one === annotations.ended)
  return ended ? { ended } : {}
}

function lastSuccess({ last_success: at = '' }: Alert['annotations']): Partial<Notification> {
  if (at === 'never') return { lastSuccess: at }
  return /^\d{1,12}$/.test(at) ? { lastSuccess: new Date(Number(at) * 1000) } : {}
}

/** What is counted; at the end of an alert, of the failure that ended. */
function counted(alert: Alert, { now, count }: NotificationContext): Partial<Notification> {
  const failure = failureOf(alert)
  if (!failure.known) return { alertCount: count }
  const { failingSince, interval } = failure
  // What ended it is a check that succeeded, which may have come a little early or late.
  const at = alert.endsAt ? alert.endsAt.getTime() / 1000 - interval / 2 : now / 1000
  const failures = failureCount(failure, at)
  const first = new Date((failingSince + interval) * 1000)
  return {
    alertCount: count,
    failureCount: failures,
    // It may have worked again before the alert was decided on.
    ...(failures > 0 && { failedChecks: `${failures} of ${failures} since ${dateTime(first)}` }),
  }
}
