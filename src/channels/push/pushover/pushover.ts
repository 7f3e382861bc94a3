import { z } from 'zod'
import { durationUpTo, link } from '../../../settings/values/scalars.ts'
import { keys, value, ValueError } from '../../../settings/values/value.ts'
import { atMost, textBelow } from '../../shared/fitting.ts'
import type { HttpKind } from '../../shared/http-kind.ts'
import { lookOf, type Level } from '../../shared/look.ts'
import { plainMarkup } from '../../shared/markup.ts'
import { secret, text } from '../../shared/settings.ts'
import { wordsOf } from '../../shared/words.ts'

const priority: z.ZodType<number> = value(
  (input) => {
    const number = typeof input === 'string' && /^-?\d$/.test(input) ? Number(input) : input
    if (typeof number === 'number' && Number.isInteger(number) && number >= -2 && number <= 2) return number
    throw new ValueError('expected a whole number from -2 to 2')
  },
  { anyOf: [{ type: 'integer', minimum: -2, maximum: 2 }, { type: 'string' }] },
)

export const officialUrl = 'https://api.pushover.net/1/messages.json'

export const pushoverSettings = keys({
  type: z.literal('pushover').describe('The kind of channel.'),
  user_key: secret.describe('The key of a user or of a group. Never shown.'),
  token: secret.describe('The API token of an application. Never shown.'),
  priority: priority
    .optional()
    .describe(
      'From `-2` to `2`, for every message. Default: `1` for critical alerts, `-1` for ends, else `0`.',
    ),
  retry: durationUpTo(10_800, '3h')
    .default(60)
    .describe('With priority 2: how often the message is repeated, at least `30s`. Default: `1m`.'),
  expire: durationUpTo(10_800, '3h')
    .default(3600)
    .describe('With priority 2: when that ends, at most `3h`. Default: `1h`.'),
  device: text.optional().describe('Only this device. Default: all devices.'),
  sound: text.optional().describe('The name of a sound. Default: that of the user.'),
  url: link.default(officialUrl).describe(`Where messages are sent. Default: \`${officialUrl}\`.`),
})

export type PushoverSettings = z.infer<typeof pushoverSettings>

const priorities: Readonly<Record<Level, number>> = {
  critical: 1,
  warning: 0,
  info: 0,
  resolved: -1,
  ended: -1,
  test: 0,
}

/**
 * Sends a message through Pushover, as plain text.
 *
 * Source: https://pushover.net/api (message 1,024, title 250, URL 512 characters; priority 2 needs `retry` and `expire`; 429 once
 * the messages of a month are used up, until X-Limit-App-Reset)
 */
export const pushover: HttpKind<PushoverSettings> = {
  peer: 'Pushover',
  secrets: ({ user_key: user, token }) => [user, token],
  message(notification, settings) {
    const { title, links } = wordsOf(notification)
    const level = settings.priority ?? priorities[lookOf(notification).level]
    // What is short enough; the others are in the text.
    const page = links.find(({ url }) => url.length <= 512)
    return {
      url: settings.url,
      body: new URLSearchParams({
        token: settings.token,
        user: settings.user_key,
        title,
        message: textBelow(notification, plainMarkup, atMost(1024)),
        priority: String(level),
        timestamp: String(Math.floor((notification.endsAt ?? notification.startsAt).getTime() / 1000)),
        ...(level === 2 && {
          retry: String(Math.max(30, Math.round(settings.retry))),
          expire: String(Math.round(settings.expire)),
        }),
        ...(page && { url: page.url, url_title: page.name }),
        ...(settings.device !== undefined && { device: settings.device }),
        ...(settings.sound !== undefined && { sound: settings.sound }),
      }),
    }
  },
}
