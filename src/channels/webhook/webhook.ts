import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { link, word } from '../../settings/values/scalars.ts'
import { asText, keys, mapping, value, ValueError } from '../../settings/values/value.ts'
import type { Channel, Notification } from '../channel.ts'
import { defaultTimeoutMs, type ChannelDependencies } from '../dependencies.ts'
import { sendFitting } from '../shared/essential.ts'
import { deliverHttp } from '../shared/http-delivery.ts'
import { secretsOfUrl } from '../shared/http-kind.ts'
import { secret } from '../shared/settings.ts'
import { webhookMessage } from './message.ts'
import { bodyTemplate, fillBody } from './template.ts'

/** These belong to the connection, or are computed. */
const ownHeaders =
  /^(?:connection|content-length|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade|x-probity-signature)$/i

const headers = mapping(
  (name) => {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) throw new ValueError('is not a valid header name')
    if (ownHeaders.test(name)) throw new ValueError('this header is set by Probity itself: remove it')
  },
  value(
    (input) => {
      const text = asText(input)
      if (/^[\t\x20-\x7e]*$/.test(text)) return text
      throw new ValueError('contains a character that is not allowed in a header, such as a line break')
    },
    { type: 'string' },
  ),
  { type: 'object', additionalProperties: { type: 'string' } },
)

export const webhookSettings = keys({
  type: z.literal('webhook').describe('The kind of channel.'),
  url: link.describe('Where notifications are sent.'),
  method: word(['POST', 'PUT', 'PATCH'])
    .default('POST')
    .describe('The method of the request. Default: `POST`.'),
  headers: headers.optional().describe('Headers of the request, by name. Default: none.'),
  secret: secret
    .optional()
    .describe('The key that the body is signed with (X-Probity-Signature). Default: none, and no signature.'),
  body: bodyTemplate
    .optional()
    .describe(
      'The body, with templates such as {{.TargetName}}: text, or values that become JSON. Default: a JSON message.',
    ),
})

export type WebhookSettings = z.infer<typeof webhookSettings>

/** Sends each notification to a URL. */
export function createWebhookChannel(
  settings: WebhookSettings,
  { name, clock, timeoutMs = defaultTimeoutMs, secrets = [] }: ChannelDependencies,
): Channel {
  const { url, method, secret: key, body: template } = settings
  const { username, password, pathname, search, origin } = new URL(url)
  const hidden = [
    ...secrets,
    ...secretsOfUrl(url),
    ...Object.values(settings.headers ?? {}),
    ...(key ? [key] : []),
  ]
  const credentials = `${decode(username)}:${decode(password)}`
  const fixedHeaders = {
    'content-type': typeof template === 'string' ? 'text/plain; charset=utf-8' : 'application/json',
    ...(credentials !== ':' && { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }),
    ...Object.fromEntries(
      Object.entries(settings.headers ?? {}).map(([header, text]) => [header.toLowerCase(), text]),
    ),
  }

  async function send(body: string, type: object, signal: AbortSignal): Promise<void> {
    const signature = key === undefined ? {} : { 'x-probity-signature': signatureOf(body, key, clock.now()) }
    const delivery = {
      peer: `webhook ${name}`,
      url: origin + pathname + search,
      method,
      headers: { ...fixedHeaders, ...type, ...signature },
      body,
      secrets: hidden,
    }
    await deliverHttp(delivery, { clock, timeoutMs, signal })
  }

  const bodyOf = (notification: Notification): string =>
    template === undefined
      ? JSON.stringify(webhookMessage(notification, name))
      : fillBody(template, notification)

  return {
    name,
    deliver: (notification, signal) =>
      sendFitting(notification, (fitting) => send(bodyOf(fitting), {}, signal)),
    // `body` has the values of an alert.
    sendReport: ({ report }, signal) =>
      send(JSON.stringify(report), { 'content-type': 'application/json' }, signal),
  }
}

/** The userinfo of a URL; as it is where its percent signs mean nothing. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/**
 * `t=SECONDS,v1=HEX`: the HMAC-SHA256 of the time, a full stop and the body. The receiver computes the same and refuses what
 * is signed otherwise or too old.
 */
function signatureOf(body: string, key: string, now: number): string {
  const time = Math.floor(now / 1000)
  return `t=${time},v1=${createHmac('sha256', key).update(`${time}.${body}`).digest('hex')}`
}
