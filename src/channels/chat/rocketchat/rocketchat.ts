import { z } from 'zod'
import { link } from '../../../settings/values/scalars.ts'
import { keys } from '../../../settings/values/value.ts'
import { parseJsonObject } from '../../../lib/text/json.ts'
import type { Notification } from '../../channel.ts'
import { atMost, escapedWithin, textBelow } from '../../shared/fitting.ts'
import { below, type HttpKind } from '../../shared/http-kind.ts'
import { lookOf } from '../../shared/look.ts'
import { inert, withoutCalls, type Markup } from '../../shared/markup.ts'
import { secret, text } from '../../shared/settings.ts'
import { wordsOf } from '../../shared/words.ts'

export const rocketchatSettings = keys({
  type: z.literal('rocketchat').describe('The kind of channel.'),
  api_url: link.describe('The address of the server, such as `https://chat.example.org`.'),
  token_id: secret.describe('The ID of the user that posts.'),
  token: secret.describe('A personal access token of that user. Never shown.'),
  channel: text.describe('Where messages go: `#channel`, `@user` or the ID of a room.'),
})

export type RocketchatSettings = z.infer<typeof rocketchatSettings>

/** Its parser knows fewer marks than CommonMark, and shows the backslash before any other. */
const markup: Markup = {
  text: (plain) => withoutCalls(plain.replace(/[*_~`#]/g, '\\$&')),
  bold: (one) => `*${one}*`,
  link: (name, url) => `[${name}](${url.replaceAll('(', '%28').replaceAll(')', '%29')})`,
  code: (plain) => `\`\`\`\n${inert(withoutCalls(plain))}\n\`\`\``,
}

/**
 * Posts a message with an attachment through the REST API of Rocket.Chat, which answers 200 to some of what it refuses.
 *
 * Source: https://developer.rocket.chat/apidocs/post-message; a message has at most 5,000 characters unless the server was
 * configured otherwise (Message_MaxAllowedSize)
 */
export const rocketchat: HttpKind<RocketchatSettings> = {
  peer: 'Rocket.Chat',
  secrets: ({ token }) => [token],
  refusal(body) {
    const answer = parseJsonObject(body)
    return answer?.['success'] === false ? body : undefined
  },
  message: (notification, { api_url: url, token_id: id, token, channel }) => ({
    url: below(url, 'api/v1/chat.postMessage'),
    headers: { 'x-auth-token': token, 'x-user-id': id },
    body: { channel, attachments: [attachment(notification)] },
  }),
}

function attachment(notification: Notification): object {
  const { emoji, color } = lookOf(notification)
  return {
    title: escapedWithin(`${emoji} ${wordsOf(notification).title}`, withoutCalls, 500),
    text: textBelow(notification, markup, atMost(4400)),
    color,
  }
}
