import { z } from 'zod'
import { flag, link } from '../../../settings/values/scalars.ts'
import { keys } from '../../../settings/values/value.ts'
import { atMost, textOf } from '../../shared/fitting.ts'
import { below, type HttpKind } from '../../shared/http-kind.ts'
import { htmlMarkup, withoutCalls } from '../../shared/markup.ts'
import { matching, wholeNumber } from '../../shared/settings.ts'
import { lookOf } from '../../shared/look.ts'

export const telegramSettings = keys({
  type: z.literal('telegram').describe('The kind of channel.'),
  bot_token: matching('token of a bot: expected one such as 123456:ABC-DEF', /^\d+:[\w-]+$/).describe(
    'The token of the bot, from @BotFather. Never shown.',
  ),
  chat_id: matching(
    'chat: expected a number in quotes, such as "-1001234567890", or @name',
    /^(?:-?\d{1,20}|@\w+)$/,
  ).describe('The chat: a number in quotes, or `@name` of a public channel.'),
  message_thread_id: wholeNumber(1, 999_999_999).optional().describe('The topic of a forum. Default: none.'),
  disable_notifications: flag
    .default(false)
    .describe('Whether messages arrive without a sound. Default: `false`.'),
  api_url: link
    .default('https://api.telegram.org')
    .describe('The address of the Bot API. Default: `https://api.telegram.org`.'),
})

export type TelegramSettings = z.infer<typeof telegramSettings>

/** `@name` in a text calls its owner, whatever it is escaped with. */
const markup = { ...htmlMarkup, text: (plain: string) => htmlMarkup.text(withoutCalls(plain)) }

/**
 * Sends a message of a bot, as HTML.
 *
 * Source: https://core.telegram.org/bots/api#sendmessage (4,096 characters), #html-style and #responseparameters (429 with
 * `parameters.retry_after`)
 */
export const telegram: HttpKind<TelegramSettings> = {
  peer: 'Telegram',
  // What is before the colon is the ID of the bot, which everybody may know.
  secrets: ({ bot_token: token }) => [token, token.split(':')[1]],
  message: (notification, settings) => ({
    url: below(settings.api_url, `bot${settings.bot_token}/sendMessage`),
    body: {
      chat_id: settings.chat_id.startsWith('@') ? settings.chat_id : Number(settings.chat_id),
      ...(settings.message_thread_id !== undefined && { message_thread_id: settings.message_thread_id }),
      text: `${lookOf(notification).emoji} ${textOf(notification, markup, atMost(4090))}`,
      parse_mode: 'HTML',
      link_preview_options: { is_disabled: true },
      ...(settings.disable_notifications && { disable_notification: true }),
    },
  }),
}
