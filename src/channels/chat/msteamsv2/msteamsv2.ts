import { z } from 'zod'
import { link } from '../../../settings/values/scalars.ts'
import { keys } from '../../../settings/values/value.ts'
import type { Notification } from '../../channel.ts'
import { fitting, jsonAtMost, type Parts } from '../../shared/fitting.ts'
import { secretsOfUrl, type HttpKind } from '../../shared/http-kind.ts'
import { lookOf, type Level, type Look } from '../../shared/look.ts'
import { markdown } from '../../shared/markup.ts'

export const msteamsv2Settings = keys({
  type: z.literal('msteamsv2').describe('The kind of channel.'),
  webhook_url: link.describe(
    'The URL of a workflow that posts to a channel or chat when a webhook request is received. Anyone who knows it can post, so it is never shown.',
  ),
})

export type Msteamsv2Settings = z.infer<typeof msteamsv2Settings>

/**
 * Posts an Adaptive Card to a workflow of Microsoft Teams. A workflow takes whatever it gets and fails later, so that a card
 * that is too large would be lost in silence: it is made to fit. Mentions need an entity, and there is none.
 *
 * Source: https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using (28 KB, 429),
 * https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format (Markdown in TextBlock and facts)
 * and https://adaptivecards.io/explorer/
 */
export const msteamsv2: HttpKind<Msteamsv2Settings> = {
  peer: 'Teams',
  secrets: ({ webhook_url: url }) => secretsOfUrl(url),
  message: (notification, { webhook_url: url }) => ({ url, body: teamsMessage(notification) }),
}

const maxBytes = 28_000

function teamsMessage(notification: Notification): object {
  const look = lookOf(notification)
  const message = (parts: Parts): object => ({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: card(parts, look),
      },
    ],
  })
  return fitting(notification, message, jsonAtMost(maxBytes))
}

const colors: Readonly<Record<Level, string>> = {
  critical: 'Attention',
  warning: 'Warning',
  info: 'Accent',
  resolved: 'Good',
  ended: 'Default',
  test: 'Default',
}

function card({ title, sentences, facts, links, output }: Parts, { level, emoji }: Look): object {
  const { text } = markdown
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body: [
      {
        ...block(text(`${emoji} ${title}`)),
        weight: 'Bolder',
        size: 'Medium',
        style: 'heading',
        color: colors[level],
      },
      ...sentences.map((sentence) => block(text(sentence))),
      ...(facts.length === 0
        ? []
        : [
            { type: 'FactSet', facts: facts.map(({ name, value }) => ({ title: name, value: text(value) })) },
          ]),
      // Two line feeds are one line end; one is none.
      ...(output === '' ? [] : [{ ...block(text(output).replaceAll('\n', '\n\n')), fontType: 'Monospace' }]),
    ],
    ...(links.length > 0 && {
      actions: links.map(({ name, url }) => ({ type: 'Action.OpenUrl', title: name, url })),
    }),
  }
}

function block(text: string): object {
  return { type: 'TextBlock', text, wrap: true }
}
