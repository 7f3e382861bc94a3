import { cut, excerpt, plainText } from '../../lib/text/text.ts'
import type { Notification } from '../channel.ts'
import { lastSuccessOf } from './last-success.ts'
import { wordsOf } from './words.ts'

/** The values of a notification for a template or a program, by name. */
export type TemplateValues = Readonly<Record<TemplateName, string>>

export const templateNames = [
  'status',
  'alertname',
  'target',
  'severity',
  'title',
  'body',
  'short',
  'summary',
  'description',
  'seen',
  'reason',
  'runbook_url',
  'dashboard_url',
  'target_url',
  'incident_url',
  'starts_at',
  'ends_at',
  'fingerprint',
  'labels',
  'alert_count',
  'failure_count',
  'failed_checks',
  'phases',
  'also_failing',
  'witnesses',
  'after_mark',
  'shared',
  'repair',
  'route',
  'last_output',
  'last_success',
  'alert_message',
  'monitor_name',
  'is_up',
  'test',
] as const

export type TemplateName = (typeof templateNames)[number]

/** Linux gives a program no environment variable above 128 KiB; the labels are the only ones that stay uncut. */
const maxText = 10_000
const maxOutput = 16_384

/**
 * The values of a notification as text. What is not known is empty, except for counts: they are numbers, whatever reads
 * them. Times are ISO 8601 in UTC.
 */
export function templateValues(notification: Notification): TemplateValues {
  const { status, alertname, target, startsAt, endsAt } = notification
  const { title, body, short } = wordsOf(notification)
  const { failureCount } = notification
  const monitorName = text(target || alertname)
  return {
    status,
    alertname: text(alertname),
    target: text(target),
    severity: text(notification.severity),
    title,
    body,
    short,
    summary: text(notification.summary),
    description: text(notification.description),
    seen: text(notification.seen ?? ''),
    reason: text(notification.reason ?? ''),
    runbook_url: text(notification.runbookUrl),
    dashboard_url: text(notification.dashboardUrl),
    target_url: text(notification.targetUrl ?? ''),
    incident_url: text(notification.incidentUrl ?? ''),
    starts_at: startsAt.toISOString(),
    ends_at: endsAt?.toISOString() ?? '',
    fingerprint: text(notification.fingerprint),
    labels: labelsJson(notification.labels),
    alert_count: String(notification.alertCount ?? 1),
    failure_count: String(failureCount ?? 0),
    failed_checks: text(notification.failedChecks ?? ''),
    phases: text(notification.phases ?? ''),
    also_failing: text(notification.alsoFailing ?? ''),
    witnesses: text(notification.witnesses ?? ''),
    after_mark: text(notification.afterMark ?? ''),
    shared: text(notification.shared ?? ''),
    repair: text(notification.repair ?? ''),
    route: text(notification.route ?? ''),
    last_output: excerpt(plainText(notification.lastOutput ?? ''), maxOutput),
    last_success: lastSuccessOf(notification) ?? '',
    // Minitor's own words, where they are true.
    alert_message:
      failureCount === undefined ? title : `${monitorName} check has failed ${failureCount} times`,
    monitor_name: monitorName,
    is_up: String(status === 'resolved'),
    test: String(notification.test ?? false),
  }
}

function text(value: string): string {
  return cut(plainText(value), maxText)
}

function labelsJson(labels: Readonly<Record<string, string>>): string {
  const shown = Object.entries(labels).map(([name, value]) => [name, cut(plainText(value), 300)])
  return JSON.stringify(Object.fromEntries(shown.slice(0, 100)))
}
