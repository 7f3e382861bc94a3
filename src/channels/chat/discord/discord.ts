import { z } from 'zod'
import { link } from '../../../settings/values/scalars.ts'
import { keys } from '../../../settings/values/value.ts'
import type { Notification } from '../../channel.ts'
import { atMost, escapedWithin, textBelow } from '../../shared/fitting.ts'
import { secretsOfUrl, type HttpKind } from '../../shared/http-kind.ts'
import { lookOf } from '../../shared/look.ts'
import { markdown } from '../../shared/markup.ts'
import { text } from '../../shared/settings.ts'
import { wordsOf } from '../../shared/words.ts'

export const discordSettings = keys({
  type: z.literal('discord').describe('The kind of channel.'),
  webhook_url: link.describe(
    'The URL of a webhook of a channel. Anyone who knows it can post, so it is never shown.',
  ),
  username: text
    .optional()
    .describe('The name that messages are posted under. Default: that of the webhook.'),
  avatar_url: link.optional().describe('A picture for that name. Default: that of the webhook.'),
})

export type DiscordSettings = z.infer<typeof discordSettings>

/**
 * Posts an embed to a webhook of Discord. Nothing in it calls anybody: `allowed_mentions` is empty.
 *
 * Source: https://discord.com/developers/docs/resources/webhook#execute-webhook,
 * https://discord.com/developers/docs/resources/message#embed-object-embed-limits (title 256, description 4,096 characters) and
 * https://discord.com/developers/docs/topics/rate-limits (429 with `retry_after` in seconds)
 */
export const discord: HttpKind<DiscordSettings> = {
  peer: 'Discord',
  secrets: ({ webhook_url: url }) => secretsOfUrl(url),
  message(notification, { webhook_url: webhookUrl, username, avatar_url: avatar }) {
    const url = new URL(webhookUrl)
    // Without it, Discord answers before it knows whether it takes the message.
    url.searchParams.set('wait', 'true')
    return {
      url: url.href,
      body: {
        ...(username !== undefined && { username }),
        ...(avatar !== undefined && { avatar_url: avatar }),
        allowed_mentions: { parse: [] },
        embeds: [discordEmbed(notification)],
      },
    }
  },
}

function discordEmbed(notification: Notification): object {
  const { emoji, color } = lookOf(notification)
  return {
    title: escapedWithin(`${emoji} ${wordsOf(notification).title}`, markdown.text, 256),
    description: textBelow(notification, markdown, atMost(4096)),
    color: Number.parseInt(color.slice(1), 16),
    timestamp: (notification.endsAt ?? notification.startsAt).toISOString(),
  }
}
