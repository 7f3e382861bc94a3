import * as z from 'zod'
import { startHttpPeer, type HttpPeer, type Received, type Reply } from './http-peer.ts'
import { routingKey } from './pagerduty-peer.ts'
import { slackPath } from './slack-peer.ts'

/** Slack's markup, in which the only links are those with our names. */
const markup = z
  .string()
  .refine(
    (text) =>
      !/[<>]|&(?!amp;|lt;|gt;)/.test(
        text.replace(/<https?:\/\/[^\s<>|]+\|(?:Page|Incident|Runbook|Dashboard)>/g, ''),
      ),
    'special characters that are not escaped',
  )

/** Source: https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments */
const slackMessage = z.object({
  attachments: z
    .array(
      z.object({
        title: markup.and(z.string().min(1)),
        text: markup.and(z.string().min(1).max(40_000)),
        fallback: markup.and(z.string().min(1)),
        color: z.enum(['good', 'warning', 'danger']),
        mrkdwn_in: z.tuple([z.literal('text')]),
      }),
    )
    .length(1),
})

/** Source: https://developer.pagerduty.com/docs/send-alert-event */
const pagerdutyEvent = z.object({
  routing_key: z.literal(routingKey),
  dedup_key: z.string().min(1).max(255),
  event_action: z.enum(['trigger', 'resolve']),
  client: z.string().optional(),
  payload: z.object({
    summary: z.string().min(1).max(1024),
    source: z.string().min(1),
    severity: z.enum(['critical', 'error', 'warning', 'info']),
    component: z.string().optional(),
    class: z.string().optional(),
    custom_details: z.record(z.string(), z.unknown()),
  }),
})

/** Source: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
const webhookMessage = z.object({
  version: z.literal('4'),
  status: z.enum(['firing', 'resolved']),
  alerts: z.array(
    z.object({ status: z.enum(['firing', 'resolved']), labels: z.record(z.string(), z.string()) }),
  ),
})

export type NativeSlackMessage = z.infer<typeof slackMessage>
export type NativePagerdutyEvent = z.infer<typeof pagerdutyEvent>
export type NativeWebhookMessage = z.infer<typeof webhookMessage>

/** The APIs of Slack, PagerDuty and a webhook, for what Alertmanager itself sends them. */
export const nativePeers = {
  slack: (): Promise<HttpPeer> => start(slackPath, slackMessage, { status: 200, body: 'ok' }),
  pagerduty: (): Promise<HttpPeer> =>
    start('/v2/enqueue', pagerdutyEvent, { status: 202, body: '{}' }, 512_000),
  webhook: (): Promise<HttpPeer> => start('/hook', webhookMessage, { status: 200 }),
}

function start(path: string, schema: z.ZodType, taken: Reply, limit = Infinity): Promise<HttpPeer> {
  return startHttpPeer((request: Received): Reply => {
    if (request.method !== 'POST' || request.path !== path) return { status: 404 }
    if (!request.headers['content-type']?.startsWith('application/json')) return { status: 415 }
    if (Buffer.byteLength(request.body) > limit) return { status: 413 }
    const { success, error } = schema.safeParse(JSON.parse(request.body))
    return success ? taken : { status: 400, body: error.message }
  })
}
