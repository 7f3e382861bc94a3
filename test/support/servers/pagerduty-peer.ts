import * as z from 'zod'
import { startHttpPeer, type HttpPeer, type Received, type Reply } from './http-peer.ts'

export const routingKey = 'R0123456789ABCDEF0123456789ABCDE'

const key = z.strictObject({
  routing_key: z.literal(routingKey),
  dedup_key: z.string().min(1).max(255),
})

/** Source: https://developer.pagerduty.com/docs/send-alert-event */
const event = z.discriminatedUnion('event_action', [
  key.extend({
    event_action: z.literal('trigger'),
    client: z.string().optional(),
    client_url: z.url().optional(),
    links: z
      .array(z.strictObject({ href: z.url({ protocol: /^https?$/ }), text: z.string().min(1) }))
      .optional(),
    payload: z.strictObject({
      summary: z.string().min(1).max(1024),
      source: z.string().min(1).max(255),
      severity: z.enum(['critical', 'error', 'warning', 'info']),
      timestamp: z.iso.datetime(),
      component: z.string().optional(),
      group: z.string().optional(),
      class: z.string().optional(),
      custom_details: z.record(z.string(), z.string()),
    }),
  }),
  key.extend({ event_action: z.literal('resolve') }),
  key.extend({ event_action: z.literal('acknowledge') }),
])

export type PagerdutyEvent = z.infer<typeof event>

export function startPagerdutyPeer(): Promise<HttpPeer> {
  return startHttpPeer(judge)
}

function judge({ method, path, headers, body }: Received): Reply {
  if (path !== '/v2/enqueue' || method !== 'POST') return { status: 404 }
  if (headers['content-type'] !== 'application/json') return invalid('content type')
  if (Buffer.byteLength(body) > 512_000) return { status: 413 }
  const { success, error, data } = event.safeParse(JSON.parse(body))
  if (!success) return invalid(error.message)
  const answer = { status: 'success', message: 'Event processed', dedup_key: data.dedup_key }
  return { status: 202, body: JSON.stringify(answer) }
}

function invalid(what: string): Reply {
  const answer = { status: 'invalid event', message: 'Event object is invalid', errors: [what] }
  return { status: 400, body: JSON.stringify(answer) }
}
