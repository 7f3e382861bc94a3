import { z } from 'zod'
import { link } from '../../settings/values/scalars.ts'
import { keys } from '../../settings/values/value.ts'
import type { Channel } from '../channel.ts'
import { defaultTimeoutMs, type ChannelDependencies } from '../dependencies.ts'
import { sendFitting } from '../shared/essential.ts'
import { secretsOfUrl } from '../shared/http-kind.ts'
import { deliverHttp } from '../shared/http-delivery.ts'
import { matching, secret } from '../shared/settings.ts'
import { createSlackBot } from './bot.ts'
import { slackMessage, slackReport } from './message.ts'

export const slackSettings = keys({
  type: z.literal('slack').describe('The kind of channel.'),
  webhook_url: link
    .optional()
    .describe(
      'The URL of an incoming webhook. Anyone who knows it can post, so it is never shown. Default: none, so `bot_token` is needed.',
    ),
  bot_token: secret
    .optional()
    .describe(
      'Instead of `webhook_url`: the token of a bot with the scope `chat:write`, which begins with `xoxb-`. It posts a thread for each incident. Never shown. Default: none.',
    ),
  channel: matching(
    'channel: expected its ID, such as C0123456789, or its name, such as "#ops"',
    /^(?:[CGD][A-Z0-9]{2,30}|#[^\s#,]{1,80})$/,
  )
    .optional()
    .describe(
      'With `bot_token`: the ID or the name of the channel, which the bot must be in. Default: none.',
    ),
  api_url: link.optional().describe('With `bot_token`: where the API is. Default: `https://slack.com/api`.'),
}).superRefine(({ webhook_url: url, bot_token: token, channel }, context) => {
  const refuse = (key: string, message: string): void => {
    context.addIssue({ code: 'custom', path: [key], message })
  }
  if (url !== undefined && token !== undefined)
    refuse('bot_token', 'is there together with webhook_url: keep one of them')
  if (url === undefined && token === undefined)
    refuse('webhook_url', 'is missing: add it, or bot_token and channel')
  if (token !== undefined && channel === undefined)
    refuse('channel', 'is missing: expected the ID of a channel, such as C0123456789')
})

export type SlackSettings = z.infer<typeof slackSettings>

/** Posts to Slack: as a bot, or to an incoming webhook of Slack or of what speaks the same (Mattermost). */
export function createSlackChannel(settings: SlackSettings, dependencies: ChannelDependencies): Channel {
  const {
    webhook_url: url,
    bot_token: token,
    channel = '',
    api_url: apiUrl = 'https://slack.com/api',
  } = settings
  return token === undefined
    ? createWebhook(url ?? '', dependencies)
    : createSlackBot({ token, channel, apiUrl }, dependencies)
}

function createWebhook(
  url: string,
  { name, clock, timeoutMs = defaultTimeoutMs, secrets = [] }: ChannelDependencies,
): Channel {
  const hidden = [...secrets, url, ...secretsOfUrl(url)]
  async function post(message: object, signal: AbortSignal): Promise<void> {
    const headers = { 'content-type': 'application/json; charset=utf-8' }
    const body = JSON.stringify(message)
    await deliverHttp({ peer: 'Slack', url, headers, body, secrets: hidden }, { clock, timeoutMs, signal })
  }
  return {
    name,
    deliver: (notification, signal) =>
      sendFitting(notification, (fitting) => post(slackMessage(fitting), signal)),
    sendReport: (report, signal) => post(slackReport(report), signal),
  }
}
