import { z } from 'zod'
import { link } from '../../settings/values/scalars.ts'
import { keys } from '../../settings/values/value.ts'
import { cut, oneLine } from '../../lib/text/text.ts'
import type { Channel, Notification } from '../channel.ts'
import { defaultTimeoutMs, type ChannelDependencies } from '../dependencies.ts'
import { deliverHttp } from '../shared/http-delivery.ts'
import { secret } from '../shared/settings.ts'
import { wordsOf } from '../shared/words.ts'

export const pagerdutySettings = keys({
  type: z.literal('pagerduty').describe('The kind of channel.'),
  routing_key: secret.describe('The integration key of an Events API v2 integration. Never shown.'),
  url: link
    .default('https://events.pagerduty.com/v2/enqueue')
    .describe('Where events are sent. Default: `https://events.pagerduty.com/v2/enqueue`.'),
})

export type PagerdutySettings = z.infer<typeof pagerdutySettings>

/** Opens and resolves incidents through the Events API v2. */
export function createPagerdutyChannel(
  { routing_key: routingKey, url }: PagerdutySettings,
  { name, clock, timeoutMs = defaultTimeoutMs, secrets = [] }: ChannelDependencies,
): Channel {
  const hidden = [...secrets, routingKey]
  return {
    name,
    async deliver(notification, signal) {
      const body = JSON.stringify(pagerdutyEvent(notification, routingKey))
      const headers = { 'content-type': 'application/json' }
      const delivery = { peer: 'PagerDuty', url, headers, body, success: 202, secrets: hidden }
      await deliverHttp(delivery, { clock, timeoutMs, signal })
    },
  }
}

/** Source: https://developer.pagerduty.com/docs/send-alert-event */
const maxSummary = 1024
const maxName = 255

/** PagerDuty has an `error` between warning and critical; what has another severity, or none, is one. */
const severities = new Set(['critical', 'warning', 'info'])

/** One event: it opens an incident, adds to the one that is open under the same key, or resolves that. */
export function pagerdutyEvent(notification: Notification, routingKey: string): object {
  const { status, alertname, target, severity, startsAt, fingerprint, labels, test } = notification
  const head = {
    routing_key: routingKey,
    dedup_key: cut(`probity${test ? '-test' : ''}/${fingerprint}`, maxName),
  }
  if (status === 'resolved') return { ...head, event_action: 'resolve' }
  const { title, sentences, facts, links, output } = wordsOf(notification)
  return {
    ...head,
    event_action: 'trigger',
    client: 'Probity',
    links: links.map(({ name, url }) => ({ href: url, text: name })),
    payload: {
      summary: cut(title, maxSummary),
      source: nameOf(labels.instance ?? '') || nameOf(target) || nameOf(alertname) || 'Probity',
      severity: test ? 'info' : severities.has(severity) ? severity : 'error',
      timestamp: startsAt.toISOString(),
      ...(target !== '' && { component: nameOf(target) }),
      class: nameOf(alertname),
      custom_details: {
        ...Object.fromEntries(facts.map(({ name, value }) => [name, value])),
        Details: sentences.join('\n'),
        ...(output !== '' && { 'Last output': output }),
      },
    },
  }
}

function nameOf(text: string): string {
  return oneLine(cut(text, maxName))
}
