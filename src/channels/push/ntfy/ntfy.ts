import { z } from 'zod'
import { link } from '../../../settings/values/scalars.ts'
import { keys } from '../../../settings/values/value.ts'
import { atMostBytes, textBelow } from '../../shared/fitting.ts'
import { basicAuth, type HttpKind } from '../../shared/http-kind.ts'
import { lookOf, type Level } from '../../shared/look.ts'
import { plainMarkup } from '../../shared/markup.ts'
import { matching, secret, text } from '../../shared/settings.ts'
import { wordsOf } from '../../shared/words.ts'

export const ntfySettings = keys({
  type: z.literal('ntfy').describe('The kind of channel.'),
  topic: matching('topic: expected up to 64 letters, digits, _ and -', /^[\w-]{1,64}$/).describe(
    'The topic. On a server that is open to everybody it is like a password.',
  ),
  url: link.default('https://ntfy.sh').describe('The address of the server. Default: `https://ntfy.sh`.'),
  token: secret.optional().describe('An access token. Never shown. Default: none.'),
  username: text.optional().describe('A user, if there is no `token`. Default: none.'),
  password: text.optional().describe('The password of that user. Never shown. Default: none.'),
})

export type NtfySettings = z.infer<typeof ntfySettings>

const priorities: Readonly<Record<Level, number>> = {
  critical: 5,
  warning: 4,
  info: 3,
  resolved: 3,
  ended: 3,
  test: 3,
}

const tags: Readonly<Record<Level, string>> = {
  critical: 'red_circle',
  warning: 'warning',
  info: 'information_source',
  resolved: 'white_check_mark',
  ended: 'heavy_minus_sign',
  test: 'test_tube',
}

/**
 * Publishes to a topic of ntfy, as plain text: it is Markdown only where that is asked for.
 *
 * Source: https://docs.ntfy.sh/publish/#publish-as-json, #action-buttons (at most three) and #limitations (4,096 bytes; what is
 * longer would become an attachment)
 */
export const ntfy: HttpKind<NtfySettings> = {
  peer: 'ntfy',
  secrets: ({ token, password, topic }) => [token, password, topic],
  message(notification, { url, topic, token, username, password = '' }) {
    const { title, links } = wordsOf(notification)
    const { level } = lookOf(notification)
    const authorization =
      token !== undefined
        ? `Bearer ${token}`
        : username !== undefined
          ? basicAuth(username, password)
          : undefined
    return {
      // Messages as JSON go to the root, not to the topic.
      url,
      ...(authorization !== undefined && { headers: { authorization } }),
      body: {
        topic,
        title,
        message: textBelow(notification, plainMarkup, atMostBytes(4096)),
        priority: priorities[level],
        tags: [tags[level]],
        ...(links[0] && { click: links[0].url }),
        ...(links.length > 0 && {
          actions: links.slice(0, 3).map((one) => ({ action: 'view', label: one.name, url: one.url })),
        }),
      },
    }
  },
}
