import * as z from 'zod'
import { DeliveryError } from '../channel.ts'
import { deliverHttp, type HttpDeliveryOptions } from '../shared/http-delivery.ts'
import { below } from '../shared/http-kind.ts'
import { redact } from '../../lib/text/redact.ts'
import { cut, oneLine } from '../../lib/text/text.ts'

const answerSchema = z.object({
  ok: z.boolean(),
  error: z.string().optional(),
  ts: z.string().optional(),
  channel: z.string().optional(),
})

/** What a method has answered, other than a failure. */
export type SlackAnswer = Pick<z.infer<typeof answerSchema>, 'ts' | 'channel'>

/** Something that Slack refuses, in its own words: `channel_not_found`. */
export class SlackError extends DeliveryError {
  override name = 'SlackError'
  readonly error: string

  constructor(error: string, message: string, options: ConstructorParameters<typeof DeliveryError>[1]) {
    super(message, options)
    this.error = error
  }
}

/** Errors that speak of the moment. */
const ofTheMoment: ReadonlySet<string> = new Set([
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
])

const ofLength: ReadonlySet<string> = new Set([
  'msg_too_long',
  'msg_blocks_too_long',
  'invalid_blocks',
  'invalid_blocks_format',
  'too_many_attachments',
])

/** What to do about what people set wrong most often. */
const advice: Readonly<Record<string, string>> = {
  channel_not_found: 'use the ID of the channel, and invite the bot to it',
  not_in_channel: 'invite the bot to the channel',
  is_archived: 'the channel is archived: set another one, or unarchive it',
  invalid_auth: 'check bot_token',
  token_revoked: 'install the app again, and use its new bot_token',
  missing_scope: 'give the bot the scope chat:write, and install the app again',
}

/**
 * Calls a method of Slack's Web API. Slack answers 200 also where it refuses (`ok: false`), and 429 with `Retry-After` where there
 * were too many requests.
 *
 * Source: https://docs.slack.dev/apis/web-api/using-the-slack-web-api, .../reference/methods/chat.postMessage,
 * .../reference/methods/chat.update and https://docs.slack.dev/apis/web-api/rate-limits
 *
 * @throws DeliveryError; SlackError where Slack says why.
 */
export async function callSlack(
  method: 'chat.postMessage' | 'chat.update',
  body: object,
  given: { readonly token: string; readonly apiUrl: string; readonly secrets: readonly string[] },
  options: HttpDeliveryOptions,
): Promise<SlackAnswer> {
  const { token, apiUrl, secrets } = given
  const taken = await deliverHttp(
    {
      peer: 'Slack',
      url: below(apiUrl, method),
      headers: { 'content-type': 'application/json; charset=utf-8', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
      // So that the body is read: what it refuses is judged below.
      refusal: () => undefined,
      secrets,
    },
    options,
  )
  const answer = read(taken.body)
  if (answer === undefined)
    throw new DeliveryError(`Slack: ${method} was answered with something other than JSON`, { retry: true })
  if (answer.ok) return answer
  const error = answer.error ?? 'no reason'
  const words = redact(cut(oneLine(error), 100), secrets)
  const help = advice[error]
  throw new SlackError(error, `Slack refused ${method}: ${words}${help === undefined ? '' : `; ${help}`}`, {
    retry: ofTheMoment.has(error),
    maybeTooLong: ofLength.has(error),
  })
}

function read(body: string): z.infer<typeof answerSchema> | undefined {
  try {
    return answerSchema.safeParse(JSON.parse(body)).data
  } catch {
    return undefined
  }
}
