import { z } from 'zod'
import { link } from '../../../settings/values/scalars.ts'
import { keys } from '../../../settings/values/value.ts'
import { atMostBytes, textOf } from '../../shared/fitting.ts'
import type { HttpKind } from '../../shared/http-kind.ts'
import { lookOf } from '../../shared/look.ts'
import { markdown } from '../../shared/markup.ts'
import { secret } from '../../shared/settings.ts'

export const webexSettings = keys({
  type: z.literal('webex').describe('The kind of channel.'),
  bot_token: secret.describe('The access token of a bot that is in the room. Never shown.'),
  room_id: secret.describe('The ID of the room.'),
  api_url: link
    .default('https://webexapis.com/v1/messages')
    .describe('Where messages are sent. Default: `https://webexapis.com/v1/messages`.'),
})

export type WebexSettings = z.infer<typeof webexSettings>

/** A line feed alone is not a line end in its Markdown. */
const markup = { ...markdown, lineEnd: '  \n' }

/**
 * Posts to a room of Webex, as Markdown.
 *
 * Source: https://developer.webex.com/docs/api/v1/messages/create-a-message (7,439 bytes) and
 * https://developer.webex.com/docs/basics (429 with `Retry-After`; mentions are `<@all>`)
 */
export const webex: HttpKind<WebexSettings> = {
  peer: 'Webex',
  secrets: ({ bot_token: token }) => [token],
  message: (notification, { api_url: url, bot_token: token, room_id: room }) => ({
    url,
    headers: { authorization: `Bearer ${token}` },
    body: {
      roomId: room,
      markdown: `${lookOf(notification).emoji} ${textOf(notification, markup, atMostBytes(7400))}`,
    },
  }),
}
