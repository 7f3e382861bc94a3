import { cut, excerpt, plainText } from '../../lib/text/text.ts'
import type { Notification } from '../channel.ts'
import { lastSuccessOf } from '../shared/last-success.ts'
import { wordsOf } from '../shared/words.ts'

const maxOutput = 16_384
const maxText = 10_000

/**
 * What is sent where the settings have no body: the fields of Alertmanager's webhook, version 4, of a group of one alert, so
 * that what reads those reads this; and the texts of the notification in addition.
 *
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
export function webhookMessage(notification: Notification, receiver: string): object {
  const { status, alertname, target, fingerprint, startsAt, endsAt, test } = notification
  const { alertCount, failureCount, lastOutput } = notification
  const lastSuccess = lastSuccessOf(notification)
  const { title, body } = wordsOf(notification)
  const labels = bounded(notification.labels)
  const annotations = bounded({
    summary: notification.summary,
    description: notification.description,
    runbook_url: notification.runbookUrl,
    dashboard_url: notification.dashboardUrl,
    ...known({
      seen: notification.seen,
      reason: notification.reason,
      failed_checks: notification.failedChecks,
      phases: notification.phases,
      also_failing: notification.alsoFailing,
      target_url: notification.targetUrl,
      incident_url: notification.incidentUrl,
    }),
  })
  return {
    version: '4',
    receiver,
    status,
    title,
    text: body,
    ...(test && { test }),
    alerts: [
      {
        status,
        labels,
        annotations,
        startsAt: startsAt.toISOString(),
        // What Go writes for no time.
        endsAt: endsAt?.toISOString() ?? '0001-01-01T00:00:00Z',
        generatorURL: '',
        fingerprint,
        ...(alertCount !== undefined && { alertCount }),
        ...(failureCount !== undefined && { failureCount }),
        ...(lastSuccess !== undefined && { lastSuccess }),
        ...(lastOutput !== undefined && { lastOutput: excerpt(plainText(lastOutput), maxOutput) }),
      },
    ],
    groupKey: `probity/${fingerprint}`,
    groupLabels: bounded({ alertname, target }),
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: '',
    truncatedAlerts: 0,
  }
}

function known(texts: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).flatMap(([name, text]) => (text ? [[name, text]] : [])))
}

function bounded(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, cut(text.toWellFormed(), maxText)]),
  )
}
