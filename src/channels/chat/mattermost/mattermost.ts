import { z } from 'zod'
import { link } from '../../../settings/values/scalars.ts'
import { keys } from '../../../settings/values/value.ts'
import type { Notification } from '../../channel.ts'
import { atMost, escapedWithin, textBelow } from '../../shared/fitting.ts'
import { secretsOfUrl, type HttpKind } from '../../shared/http-kind.ts'
import { lookOf } from '../../shared/look.ts'
import { markdown, withoutCalls } from '../../shared/markup.ts'
import { text } from '../../shared/settings.ts'
import { wordsOf } from '../../shared/words.ts'

export const mattermostSettings = keys({
  type: z.literal('mattermost').describe('The kind of channel.'),
  webhook_url: link.describe(
    'The URL of an incoming webhook. Anyone who knows it can post, so it is never shown.',
  ),
  channel: text.optional().describe('The channel, by its name in URLs. Default: that of the webhook.'),
  username: text
    .optional()
    .describe('The name that messages are posted under. Default: that of the webhook.'),
  icon_url: link.optional().describe('A picture for that name. Default: that of the webhook.'),
})

export type MattermostSettings = z.infer<typeof mattermostSettings>

/**
 * Posts an attachment to an incoming webhook of Mattermost. Mentions work in attachments too, so that every `@` is kept apart
 * from what follows it.
 *
 * Source: https://developers.mattermost.com/integrate/webhooks/incoming/ and
 * https://developers.mattermost.com/integrate/reference/message-attachments/; a post has at most 16,383 characters
 */
export const mattermost: HttpKind<MattermostSettings> = {
  peer: 'Mattermost',
  secrets: ({ webhook_url: url }) => secretsOfUrl(url),
  message: (notification, { webhook_url: url, channel, username, icon_url: icon }) => ({
    url,
    body: {
      ...(channel !== undefined && { channel }),
      ...(username !== undefined && { username }),
      ...(icon !== undefined && { icon_url: icon }),
      attachments: [attachment(notification)],
    },
  }),
}

const maxText = 16_383 - 1024

function attachment(notification: Notification): object {
  const { emoji, color } = lookOf(notification)
  const title = `${emoji} ${wordsOf(notification).title}`
  const markup = { ...markdown, code: (plain: string) => markdown.code(withoutCalls(plain)) }
  return {
    // What a phone shows.
    fallback: withoutCalls(title),
    color,
    title: escapedWithin(title, markdown.text, 1024),
    text: textBelow(notification, markup, atMost(maxText)),
  }
}
