import { cut, excerpt, plainText } from '../../lib/text/text.ts'
import type { Notification } from '../channel.ts'
import { lastSuccessOf } from '../shared/last-success.ts'
import { wordsOf } from '../shared/words.ts'

const maxOutput = 16_384
const maxText = 10_000

/**
 * What is sent where the settings have no body: the fields of Alertmanager's webhook, version 4, so
 * that what reads those reads this; and the texts of the notification in addition.
 *
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
export function webhookMessage(notification: Notification, receiver: string): object {
  const { alertname, target, fingerprint, test, others = [] } = notification
  const all = [notification, ...others]
  const { title, body } = wordsOf(notification)
  const alerts = all.map(asAlert)
  return {
    version: '4',
    receiver,
    status: all.every(({ status }) => status === 'resolved') ? 'resolved' : 'firing',
    title,
    text: body,
    ...(test && { test }),
    alerts,
    groupKey: `probity/${fingerprint}`,
    groupLabels: bounded(others.length > 0 ? { alertname } : { alertname, target }),
    commonLabels: common(alerts.map(({ labels }) => labels)),
    commonAnnotations: common(alerts.map(({ annotations }) => annotations)),
    externalURL: '',
    truncatedAlerts: 0,
  }
}

function asAlert(notification: Notification) {
  const { status, fingerprint, startsAt, endsAt } = notification
  const { alertCount, failureCount, lastOutput } = notification
  const lastSuccess = lastSuccessOf(notification)
  return {
    status,
    labels: bounded(notification.labels),
    annotations: bounded({
      summary: notification.summary,
      description: notification.description,
      runbook_url: notification.runbookUrl,
      dashboard_url: notification.dashboardUrl,
      ...known({
        seen: notification.seen,
        reason: notification.reason,
        remark: notification.remark,
        formerly: notification.formerly,
        ended: notification.ended,
        failed_checks: notification.failedChecks,
        phases: notification.phases,
        also_failing: notification.alsoFailing,
        witnesses: notification.witnesses,
        after_mark: notification.afterMark,
        shared: notification.shared,
        repair: notification.repair,
        route: notification.route,
        target_url: notification.targetUrl,
        incident_url: notification.incidentUrl,
        acknowledge_url: notification.acknowledgeUrl,
        silence_url: notification.silenceUrl,
      }),
    }),
    startsAt: startsAt.toISOString(),
    // What Go writes for no time.
    endsAt: endsAt?.toISOString() ?? '0001-01-01T00:00:00Z',
    generatorURL: '',
    fingerprint,
    ...(alertCount !== undefined && { alertCount }),
    ...(failureCount !== undefined && { failureCount }),
    ...(lastSuccess !== undefined && { lastSuccess }),
    ...(lastOutput !== undefined && { lastOutput: excerpt(plainText(lastOutput), maxOutput) }),
  }
}

function common(all: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const [first = {}, ...others] = all
  return Object.fromEntries(
    Object.entries(first).filter(([name, text]) => others.every((other) => other[name] === text)),
  )
}

function known(texts: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).flatMap(([name, text]) => (text ? [[name, text]] : [])))
}

function bounded(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, cut(text.toWellFormed(), maxText)]),
  )
}
