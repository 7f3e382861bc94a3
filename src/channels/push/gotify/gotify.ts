import { z } from 'zod'
import { link } from '../../../settings/values/scalars.ts'
import { keys } from '../../../settings/values/value.ts'
import { atMost, textBelow } from '../../shared/fitting.ts'
import { below, type HttpKind } from '../../shared/http-kind.ts'
import { lookOf, type Level } from '../../shared/look.ts'
import { plainMarkup } from '../../shared/markup.ts'
import { secret } from '../../shared/settings.ts'
import { wordsOf } from '../../shared/words.ts'

export const gotifySettings = keys({
  type: z.literal('gotify').describe('The kind of channel.'),
  url: link.describe('The address of the server, such as `https://gotify.example.org`.'),
  token: secret.describe('The token of an application. Never shown.'),
})

export type GotifySettings = z.infer<typeof gotifySettings>

/** From 8 on, a phone makes a sound that cannot be missed. */
const priorities: Readonly<Record<Level, number>> = {
  critical: 8,
  warning: 5,
  info: 3,
  resolved: 4,
  ended: 3,
  test: 4,
}

/**
 * Sends a message of an application of Gotify, as plain text.
 *
 * Source: https://gotify.net/api-docs (POST /message, X-Gotify-Key) and https://gotify.net/docs/msgextras
 */
export const gotify: HttpKind<GotifySettings> = {
  peer: 'Gotify',
  secrets: ({ token }) => [token],
  message(notification, { url, token }) {
    const { emoji, level } = lookOf(notification)
    const { title, links } = wordsOf(notification)
    return {
      url: below(url, 'message'),
      headers: { 'x-gotify-key': token },
      body: {
        title: `${emoji} ${title}`,
        message: textBelow(notification, plainMarkup, atMost(10_000)),
        priority: priorities[level],
        extras: {
          'client::display': { contentType: 'text/plain' },
          ...(links[0] && { 'client::notification': { click: { url: links[0].url } } }),
        },
      },
    }
  },
}
