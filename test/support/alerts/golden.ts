import { stringify } from 'yaml'
import type { Alert } from '../../../src/alerts/alert.ts'
import { toNotification } from '../../../src/alerts/delivery/notification.ts'
import { withAlsoFailing } from '../../../src/alerts/evidence/also-failing.ts'
import { withLinks } from '../../../src/alerts/evidence/links.ts'
import type { Notification } from '../../../src/channels/channel.ts'
import { emailMessage } from '../../../src/channels/email/message.ts'
import { toLogLine } from '../../../src/channels/log/log.ts'
import { pagerdutyEvent } from '../../../src/channels/pagerduty/pagerduty.ts'
import { alertEvent } from '../../../src/channels/sentry/event.ts'
import { templateValues } from '../../../src/channels/shared/template-values.ts'
import { slackMessage } from '../../../src/channels/slack/message.ts'
import { smsText } from '../../../src/channels/sms/sms.ts'
import { webhookMessage } from '../../../src/channels/webhook/message.ts'
import { testsFiles, type ExpectedAlert } from '../../prometheus/shipped.ts'

/**
 * Messages as their receivers read them, of each alert and each form of its words: as promtool has written them in
 * prometheus/tests, with what the notifier adds.
 */
export function goldenNotifications(): Notification[] {
  const found = new Map<string, Notification>()
  const names = new Set<string>()
  for (const { tests } of testsFiles)
    for (const { alert_rule_test: all = [] } of tests)
      for (const { alertname, eval_time: time, exp_alerts: alerts } of all)
        for (const expected of alerts) {
          const form = `${alertname}: ${formOf(expected)}`
          if (found.has(form)) continue
          const firing = notificationOf(alertname, time, expected)
          found.set(form, firing)
          if (!names.has(alertname)) found.set(`${form}: over`, over(firing))
          names.add(alertname)
        }
  return [...found.values()].sort(
    (a, b) =>
      a.alertname.localeCompare(b.alertname, 'en') ||
      (a.status < b.status ? -1 : Number(a.status > b.status)),
  )
}

/** The words without what differs from target to target. */
function formOf({ exp_labels: labels, exp_annotations: { summary = '' } }: ExpectedAlert): string {
  return summary
    .replace(labels.target ?? '\0', 'TARGET')
    .replace(/\b\d[\w.%]*( \d+[hms])*/g, 'N')
    .replace(/(mostly|reason): \w+/, '$1: REASON')
}

const zero = Date.parse('2026-11-20T12:00:00Z')
const externalUrl = new URL('https://probity.example.com')
const grafanaUrl = new URL('https://grafana.example.com')

/** What a check would say, by reason. */
const messages: Readonly<Record<string, string>> = {
  status: 'expected 2xx, got 503',
  body: 'expected the body to match /ok/',
  dns: 'no such host: pay.example.com',
  connect: 'connection refused: 192.0.2.1:443',
  timeout: 'no answer within 10s',
}

/** What the notifier would hear and know then: the failure's own message, its phases, and what else fails. */
function notificationOf(alertname: string, time: string, expected: ExpectedAlert): Notification {
  const { exp_labels: labels, exp_annotations: written } = expected
  const startsAt = new Date(zero + milliseconds(time))
  const message = written.summary?.includes('no call') ? undefined : messages[written.reason ?? '']
  const seen =
    message === undefined ? {} : { seen: message, phases: 'dns 2 ms, connect 1 ms, processing 1.2 s' }
  const heard: Alert = {
    status: 'firing',
    labels: { alertname, ...labels },
    annotations: {
      ...written,
      ...seen,
      ...shifted('failing_since', written.failing_since),
      ...shifted('last_success', written.last_success),
    },
    startsAt,
    fingerprint: 'c30d72ef72a2c6ea',
  }
  const alert = withAlsoFailing(withLinks(heard, { externalUrl, grafanaUrl }), ['blog'])
  return toNotification(alert, { now: startsAt.getTime(), count: 1 })
}

/** Times of promtool begin in 1970. */
function shifted(name: string, seconds: string | undefined): Record<string, string> {
  return seconds !== undefined && /^\d+$/.test(seconds)
    ? { [name]: String(zero / 1000 + Number(seconds)) }
    : {}
}

/** `1h30m`. */
function milliseconds(time: string): number {
  const unit: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }
  return [...time.matchAll(/(\d+)([smhd])/g)].reduce(
    (sum, [, n, of = 's']) => sum + Number(n) * (unit[of] ?? 1) * 1000,
    0,
  )
}

function over(firing: Notification): Notification {
  return { ...firing, status: 'resolved', endsAt: new Date(firing.startsAt.getTime() + 330_000) }
}

const at = (notification: Notification): Date => notification.endsAt ?? notification.startsAt

/** What the receiver of each kind of channel gets to read. */
export const asRead: Readonly<Record<string, (notification: Notification) => string>> = {
  command: (notification) => stringify(templateValues(notification), { lineWidth: 0 }),
  email(notification) {
    const { subject, text } = emailMessage(notification, {
      from: 'probity@example.org',
      to: ['ops@example.org'],
    })
    return `Subject: ${subject}\n\n${text as string}`
  },
  log: (notification) => toLogLine(notification, at(notification)),
  pagerduty: (notification) => stringify(pagerdutyEvent(notification, 'key'), { lineWidth: 0 }),
  sentry: (notification) => stringify(alertEvent(notification, at(notification).getTime()), { lineWidth: 0 }),
  slack: (notification) => textsOf(slackMessage(notification)).join('\n'),
  sms: smsText,
  webhook: (notification) => stringify(webhookMessage(notification, 'ops'), { lineWidth: 0 }),
}

/** The texts of a message of Slack, one below the other. */
function textsOf(block: unknown): string[] {
  if (Array.isArray(block)) return block.flatMap(textsOf)
  if (typeof block !== 'object' || block === null) return []
  return Object.entries(block).flatMap(([name, value]) =>
    name === 'text' && typeof value === 'string' ? [value] : textsOf(value),
  )
}

/** Every message of one kind of channel, as one text. */
export function goldenPage(channel: string): string {
  const read = asRead[channel]!
  const messages = goldenNotifications().filter((one) => channel !== 'sentry' || one.status === 'firing')
  return messages
    .map((one) => `-------- ${one.alertname}, ${one.status} --------\n${read(one).trimEnd()}\n`)
    .join('\n')
}
