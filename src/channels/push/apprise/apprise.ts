import { z } from 'zod'
import { link } from '../../../settings/values/scalars.ts'
import { keys } from '../../../settings/values/value.ts'
import { atMost, textBelow } from '../../shared/fitting.ts'
import { below, type HttpKind } from '../../shared/http-kind.ts'
import { lookOf, type Level } from '../../shared/look.ts'
import { plainMarkup } from '../../shared/markup.ts'
import { matching, text } from '../../shared/settings.ts'
import { wordsOf } from '../../shared/words.ts'

export const appriseSettings = keys({
  type: z.literal('apprise').describe('The kind of channel.'),
  url: link.describe('The address of the Apprise API, such as `http://apprise.example.org:8000`.'),
  key: matching('key: expected letters, digits, _ and -', /^[\w-]{1,128}$/).describe(
    'The key of a configuration that is stored there.',
  ),
  tag: text.optional().describe('Only the services with this tag. Default: those without a tag.'),
})

export type AppriseSettings = z.infer<typeof appriseSettings>

const types: Readonly<Record<Level, string>> = {
  critical: 'failure',
  warning: 'warning',
  info: 'info',
  resolved: 'success',
  ended: 'info',
  test: 'info',
}

/**
 * Notifies through the services that a configuration of the Apprise API names, as plain text. It answers 204 where there is no
 * such configuration, so that only 200 means that something was sent.
 *
 * Source: https://github.com/caronc/apprise-api#api-details (200, 204, 400, 424, 431, 500)
 */
export const apprise: HttpKind<AppriseSettings> = {
  peer: 'the Apprise API',
  success: 200,
  secrets: ({ key }) => [key],
  message(notification, { url, key, tag }) {
    const { level, emoji } = lookOf(notification)
    return {
      url: below(url, `notify/${key}`),
      body: {
        title: `${emoji} ${wordsOf(notification).title}`,
        body: textBelow(notification, plainMarkup, atMost(10_000)),
        type: types[level],
        format: 'text',
        ...(tag !== undefined && { tag }),
      },
    }
  },
}
