import { z } from 'zod'
import { link } from '../../settings/values/scalars.ts'
import { keys } from '../../settings/values/value.ts'
import { messageOf } from '../../lib/errors.ts'
import { DeliveryError, type Channel, type Notification } from '../channel.ts'
import { defaultTimeoutMs, type ChannelDependencies } from '../dependencies.ts'
import { toGsm7 } from './gsm7.ts'
import { deliverHttp } from '../shared/http-delivery.ts'
import { listOf, matching, secret, text } from '../shared/settings.ts'
import { wordsOf } from '../shared/words.ts'

const phoneNumber = /^\+[1-9]\d{6,14}$/

export const smsSettings = keys({
  type: z.literal('sms').describe('The kind of channel.'),
  account_sid: matching('account SID: expected letters and digits', /^\w+$/).describe(
    'The SID of the Twilio account.',
  ),
  auth_token: secret.describe('Its token. Never shown.'),
  from: text.describe('A number bought there, a sender name, or the SID of a messaging service (`MG...`).'),
  to: listOf('phone number with its country, such as "+4930123456"', phoneNumber).describe(
    'Phone numbers with their country, such as `+4930123456`, one or a list.',
  ),
  url: link
    .default('https://api.twilio.com')
    .describe('The address of the API, without `/2010-04-01`. Default: `https://api.twilio.com`.'),
})

export type SmsSettings = z.infer<typeof smsSettings>

/** Sends one SMS to each number, through Twilio or what speaks the same. */
export function createSmsChannel(
  settings: SmsSettings,
  { name, clock, timeoutMs = defaultTimeoutMs }: ChannelDependencies,
): Channel {
  const { account_sid: sid, auth_token: token, from } = settings
  const url = `${settings.url.replace(/\/$/, '')}/2010-04-01/Accounts/${sid}/Messages.json`
  const credentials = Buffer.from(`${sid}:${token}`).toString('base64')
  const sender: [string, string] = from.startsWith('MG') ? ['MessagingServiceSid', from] : ['From', from]

  async function send(to: string, body: string, signal: AbortSignal): Promise<void> {
    const delivery = {
      peer: 'the SMS service',
      url,
      headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams([['To', to], sender, ['Body', body]]).toString(),
      secrets: [token, credentials],
    }
    await deliverHttp(delivery, { clock, timeoutMs, signal })
  }

  return {
    name,
    recipients: settings.to,
    async deliver(notification, signal, recipient) {
      const body = smsText(notification)
      const numbers = recipient === undefined ? settings.to : [recipient]
      const results = await Promise.allSettled(numbers.map((to) => send(to, body, signal)))
      const failures = numbers.flatMap((to, index) => {
        const result = results[index]
        return result?.status === 'rejected' ? [{ to, reason: result.reason as unknown }] : []
      })
      if (failures.length > 0) throw together(failures, numbers.length)
    },
  }
}

/** The essential, within one message. */
export function smsText(notification: Notification): string {
  return toGsm7(wordsOf(notification).short)
}

interface Failure {
  readonly to: string
  readonly reason: unknown
}

/** One error for all recipients. A retry is for those only who may still be reached. */
function together(failures: readonly Failure[], of: number): unknown {
  const errors = failures.map(({ reason }) => reason)
  const other = errors.find((error) => !(error instanceof DeliveryError))
  if (other !== undefined) return other
  const deliveries = errors.filter((error) => error instanceof DeliveryError)
  const message = failures.map(({ to, reason }) => `…${to.slice(-4)}: ${messageOf(reason)}`).join('; ')
  const waits = deliveries.flatMap(({ retryAfterSeconds }) => retryAfterSeconds ?? [])
  return new DeliveryError(`${failures.length} of ${of} messages not sent: ${message}`, {
    retry: deliveries.some(({ retry }) => retry),
    retryAfterSeconds: waits.length > 0 ? Math.max(...waits) : undefined,
  })
}
