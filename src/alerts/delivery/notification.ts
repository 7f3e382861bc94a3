import type { Notification } from '../../channels/channel.ts'
import type { Alert } from '../alert.ts'
import { failureCount, failureOf } from './cadence.ts'

export interface NotificationContext {
  /** Unix milliseconds. */
  readonly now: number
  /** Which notification of the alert this is. */
  readonly count: number
}

/** The words of an alert, as its rule wrote them into labels and annotations. */
export function toNotification(
  { labels, annotations, ...alert }: Alert,
  context?: NotificationContext,
): Notification {
  const alertname = labels.alertname ?? ''
  const reason = annotations.reason ?? ''
  const lastOutput = annotations.last_output ?? ''
  return {
    ...alert,
    labels,
    alertname,
    target: labels.target ?? '',
    severity: labels.severity ?? '',
    summary: annotations.summary ?? alertname,
    description: annotations.description ?? '',
    ...(reason !== '' && { reason }),
    ...(lastOutput !== '' && { lastOutput }),
    runbookUrl: annotations.runbook_url ?? '',
    dashboardUrl: annotations.dashboard_url ?? '',
    ...(context && counted({ labels, annotations, ...alert }, context)),
  }
}

/** What is counted; at the end of an alert, of the failure that ended. */
function counted(alert: Alert, { now, count }: NotificationContext): Partial<Notification> {
  const failure = failureOf(alert)
  // What ended it is a check that succeeded, which may have come a little early or late.
  const at = alert.endsAt ? alert.endsAt.getTime() / 1000 - failure.interval / 2 : now / 1000
  return {
    alertCount: count,
    ...(failure.known && {
      failureCount: failureCount(failure, at),
      lastSuccess: new Date(failure.failingSince * 1000),
    }),
  }
}
