import { createHash } from 'node:crypto'
import { z } from 'zod'
import { link } from '../../../settings/values/scalars.ts'
import { keys } from '../../../settings/values/value.ts'
import type { Notification } from '../../channel.ts'
import { fitting, jsonAtMost, type Parts } from '../../shared/fitting.ts'
import { secretsOfUrl, type HttpKind } from '../../shared/http-kind.ts'
import { lookOf, type Look } from '../../shared/look.ts'
import { escapeHtml } from '../../shared/markup.ts'

export const googleChatSettings = keys({
  type: z.literal('google_chat').describe('The kind of channel.'),
  webhook_url: link.describe(
    'The URL of a webhook of a space. Anyone who knows it can post, so it is never shown.',
  ),
})

export type GoogleChatSettings = z.infer<typeof googleChatSettings>

/**
 * Posts a card to a space of Google Chat. Messages about one alert form a thread. Texts of a card cannot mention anybody.
 *
 * Source: https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages/create (32,000 bytes, threadKey),
 * https://developers.google.com/workspace/chat/format-messages (HTML in cards) and
 * https://developers.google.com/workspace/chat/limits (429)
 */
export const googleChat: HttpKind<GoogleChatSettings> = {
  peer: 'Google Chat',
  secrets: ({ webhook_url: url }) => secretsOfUrl(url),
  message(notification, { webhook_url: webhookUrl }) {
    const url = new URL(webhookUrl)
    url.searchParams.set('messageReplyOption', 'REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD')
    return { url: url.href, body: googleChatMessage(notification) }
  },
}

const maxBytes = 32_000

function googleChatMessage(notification: Notification): object {
  const look = lookOf(notification)
  const { fingerprint, startsAt } = notification
  const threadKey = createHash('sha256')
    .update(`${fingerprint} ${startsAt.getTime()}`)
    .digest('hex')
    .slice(0, 32)
  const message = (parts: Parts): object => ({
    fallbackText: `${look.emoji} ${parts.title}`,
    cardsV2: [{ cardId: 'alert', card: card(parts, look) }],
    thread: { threadKey },
  })
  return fitting(notification, message, jsonAtMost(maxBytes))
}

function card({ title, sentences, facts, links, output }: Parts, { emoji, color }: Look): object {
  const widgets = [
    paragraph(`<font color="${color}"><b>${escapeHtml(`${emoji} ${title}`)}</b></font>`),
    ...(sentences.length === 0 ? [] : [paragraph(sentences.map(escapeHtml).join('<br>'))]),
    ...facts.map(({ name, value }) => ({
      decoratedText: { topLabel: name, text: escapeHtml(value), wrapText: true },
    })),
    ...(output === '' ? [] : [paragraph(escapeHtml(output).replaceAll('\n', '<br>'))]),
    ...(links.length === 0
      ? []
      : [
          {
            buttonList: {
              buttons: links.map(({ name, url }) => ({ text: name, onClick: { openLink: { url } } })),
            },
          },
        ]),
  ]
  return { sections: [{ widgets }] }
}

function paragraph(text: string): object {
  return { textParagraph: { text } }
}
