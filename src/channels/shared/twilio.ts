import { link } from '../../settings/values/scalars.ts'
import { messageOf } from '../../lib/errors.ts'
import { DeliveryError, type Channel, type Notification } from '../channel.ts'
import { defaultTimeoutMs, type ChannelDependencies } from '../dependencies.ts'
import { deliverHttp } from './http-delivery.ts'
import { basicAuth } from './http-kind.ts'
import { listOf, matching, secret } from './settings.ts'

const phoneNumber = /^\+[1-9]\d{6,14}$/

/** What every channel through Twilio has to know. */
export const twilioShape = {
  account_sid: matching('account SID: expected letters and digits', /^\w+$/).describe(
    'The SID of the Twilio account.',
  ),
  auth_token: secret.describe('Its token. Never shown.'),
  to: listOf('phone number with its country, such as "+4930123456"', phoneNumber).describe(
    'Phone numbers with their country, such as `+4930123456`, one or a list.',
  ),
  url: link
    .default('https://api.twilio.com')
    .describe('The address of the API, without `/2010-04-01`. Default: `https://api.twilio.com`.'),
}

interface TwilioSettings {
  readonly account_sid: string
  readonly auth_token: string
  readonly to: readonly string[]
  readonly url: string
}

export interface TwilioKind {
  /** What is made there: `Messages`, `Calls`. */
  readonly resource: string
  /** As people call it: `the SMS service`. */
  readonly peer: string
  /** As people count them: `messages`. */
  readonly things: string
  /** What nobody is notified of. Default: nothing. */
  readonly skips?: (notification: Notification) => boolean
  /** The parameters besides the number. */
  readonly parameters: (notification: Notification) => readonly (readonly [name: string, value: string])[]
}

/** Makes a request for each phone number, through Twilio or what speaks the same. */
export function twilioChannel(
  settings: TwilioSettings,
  { name, clock, timeoutMs = defaultTimeoutMs, secrets = [] }: ChannelDependencies,
  { resource, peer, things, skips = () => false, parameters }: TwilioKind,
): Channel {
  const { account_sid: sid, auth_token: token } = settings
  const url = `${settings.url.replace(/\/$/, '')}/2010-04-01/Accounts/${sid}/${resource}.json`
  const authorization = basicAuth(sid, token)
  const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' }
  const hidden = [...secrets, token, authorization.slice('Basic '.length)]

  async function send(to: string, others: ReturnType<typeof parameters>, signal: AbortSignal): Promise<void> {
    const body = new URLSearchParams(Object.fromEntries([['To', to], ...others])).toString()
    await deliverHttp({ peer, url, headers, body, secrets: hidden }, { clock, timeoutMs, signal })
  }

  return {
    name,
    recipients: settings.to,
    async deliver(notification, signal, recipient) {
      signal.throwIfAborted()
      if (skips(notification)) return
      const others = parameters(notification)
      const numbers = recipient === undefined ? settings.to : [recipient]
      const results = await Promise.allSettled(numbers.map((to) => send(to, others, signal)))
      const failures = numbers.flatMap((to, index) => {
        const result = results[index]
        return result?.status === 'rejected' ? [{ to, reason: result.reason as unknown }] : []
      })
      if (failures.length > 0) throw together(failures, `${numbers.length} ${things}`)
    },
  }
}

interface Failure {
  readonly to: string
  readonly reason: unknown
}

/** One error for all recipients. A retry is for those only who may still be reached. */
function together(failures: readonly Failure[], of: string): unknown {
  const errors = failures.map(({ reason }) => reason)
  const other = errors.find((error) => !(error instanceof DeliveryError))
  if (other !== undefined) return other
  const deliveries = errors.filter((error) => error instanceof DeliveryError)
  const message = failures.map(({ to, reason }) => `…${to.slice(-4)}: ${messageOf(reason)}`).join('; ')
  const waits = deliveries.flatMap(({ retryAfterSeconds }) => retryAfterSeconds ?? [])
  return new DeliveryError(`${failures.length} of ${of} not sent: ${message}`, {
    retry: deliveries.some(({ retry }) => retry),
    retryAfterSeconds: waits.length > 0 ? Math.max(...waits) : undefined,
  })
}
