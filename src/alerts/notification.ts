import type { Notification } from '../channels/channel.ts'
import type { Alert } from './alert.ts'

/** The words of an alert, as its rule wrote them into labels and annotations. */
export function toNotification({ labels, annotations, ...alert }: Alert): Notification {
  const alertname = labels.alertname ?? ''
  const reason = annotations.reason ?? ''
  return {
    ...alert,
    labels,
    alertname,
    target: labels.target ?? '',
    severity: labels.severity ?? '',
    summary: annotations.summary ?? alertname,
    description: annotations.description ?? '',
    ...(reason !== '' && { reason }),
    runbookUrl: annotations.runbook_url ?? '',
    dashboardUrl: annotations.dashboard_url ?? '',
  }
}
