import * as z from 'zod'
import { startHttpPeer, type HttpPeer, type Received, type Reply } from './http-peer.ts'

export const publicKey = '0123456789abcdef0123456789abcdef'

export function dsnOf(url: string): string {
  return `${url.replace('://', `://${publicKey}@`)}/42`
}

const id = z.string().regex(/^[0-9a-f]{32}$/)
const sdk = z.object({ name: z.literal('probity'), version: z.string() })

/** Source: https://develop.sentry.dev/sdk/foundations/transport/event-payloads/ */
const sentryEvent = z.object({
  event_id: id,
  timestamp: z.number().positive(),
  platform: z.literal('node'),
  level: z.enum(['fatal', 'error', 'warning', 'info', 'debug']),
  logger: z.string(),
  release: z.string(),
  environment: z.string().optional(),
  sdk,
  message: z.strictObject({ formatted: z.string().min(1).max(8192) }).optional(),
  fingerprint: z.array(z.string()).optional(),
  tags: z
    .record(
      z.string().regex(/^[\w.:-]{1,32}$/),
      z
        .string()
        .min(1)
        .max(200)
        .regex(/^[^\n]*$/),
    )
    .optional(),
  extra: z.record(z.string(), z.string()).optional(),
  exception: z
    .object({
      values: z.array(
        z.object({
          type: z.string(),
          value: z.string(),
          stacktrace: z
            .object({
              frames: z.array(
                z.object({
                  function: z.string(),
                  filename: z.string(),
                  lineno: z.number(),
                  colno: z.number(),
                  in_app: z.boolean(),
                }),
              ),
            })
            .optional(),
        }),
      ),
    })
    .optional(),
})

export type ReceivedEvent = z.infer<typeof sentryEvent>

const auth = new RegExp(
  `^Sentry sentry_version=7, sentry_client=probity/\\d+\\.\\d+\\.\\d+, sentry_key=${publicKey}$`,
)

export function startSentryPeer(): Promise<HttpPeer> {
  return startHttpPeer(judge)
}

function judge({ method, path, headers, body }: Received): Reply {
  if (path !== '/api/42/envelope/' || method !== 'POST') return { status: 404 }
  if (!auth.test(headers['x-sentry-auth'] ?? ''))
    return { status: 401, body: '{"detail":"missing authorization"}' }
  if (headers['content-type'] !== 'application/x-sentry-envelope') return { status: 415 }
  try {
    return { status: 200, body: JSON.stringify({ id: eventIn(body).event_id }) }
  } catch (error) {
    return { status: 400, body: JSON.stringify({ detail: String(error) }) }
  }
}

/** Reads an envelope with one event, and nothing else. */
export function eventIn(envelope: string): ReceivedEvent {
  const [head = '', item = '', ...rest] = envelope.split('\n')
  const { event_id: eventId } = z
    .strictObject({ event_id: id, sent_at: z.iso.datetime(), sdk })
    .parse(JSON.parse(head))
  const { length } = z
    .strictObject({
      type: z.literal('event'),
      content_type: z.literal('application/json'),
      length: z.number(),
    })
    .parse(JSON.parse(item))
  const payload = Buffer.from(rest.join('\n'))
  if (payload.length !== length + 1 || payload.at(-1) !== 0x0a) throw new Error('the length is wrong')
  const read = sentryEvent.strict().parse(JSON.parse(payload.subarray(0, length).toString()))
  if (read.event_id !== eventId) throw new Error('two numbers')
  return read
}
