import { describe, expect, it } from 'vitest'
import { slackMessage } from '../../../src/channels/slack/message.ts'
import { aNotification } from '../../support/alerts/alerts.ts'
import { firing, recovered, testMessage } from '../../support/alerts/notifications.ts'

interface Message {
  readonly text: string
  readonly blocks: readonly { readonly text: { readonly text: string } }[]
  readonly attachments: readonly {
    readonly color: string
    readonly blocks: readonly {
      readonly text?: { readonly text: string }
      readonly fields?: readonly { readonly text: string }[]
    }[]
  }[]
}

const messageOf = (...parameters: Parameters<typeof slackMessage>): Message =>
  slackMessage(...parameters) as Message

/** Every text of a message, in the order of reading. */
function textsOf({ blocks, attachments }: Message): string[] {
  const below = attachments.flatMap((attachment) => attachment.blocks)
  return [
    ...blocks.map(({ text }) => text.text),
    ...below.flatMap(({ text, fields = [] }) => [text, ...fields].flatMap((part) => part?.text ?? [])),
  ]
}

describe('a message for Slack', () => {
  it('says what was expected, what was seen, since when, and where to go on', () => {
    expect(textsOf(messageOf(firing))).toEqual([
      ':red_circle: *CRITICAL: shop has failed every check for 1m30s, expected less than 1m15s, reason: status (expected 2xx, got 503)*',
      'The log and the target page have the message of every failed check.',
      '*Target*\nshop',
      '*Alert*\nTargetDown (critical)',
      '*Seen*\nexpected 2xx, got 503',
      '*Reason*\nstatus',
      '*Since*\n2026-11-20 12:00:00 UTC',
      '*Failed checks*\n6 of 6 since 2026-11-20 11:58:30 UTC',
      '*Last success*\n2026-11-20 11:58:00 UTC',
      '*Location*\nberlin',
      '*Phases*\ndns 2 ms, connect 1 ms, tls 12 ms, first byte 1.2 s',
      '*Also failing*\napi, blog',
      '*Notification*\nnumber 3 of this alert',
      '*Labels*\nteam=checkout, vendor=stripe',
      '```\nHTTP 503 Service Unavailable\nretry later\n```',
      '<https://probity.example.com/targets/shop|Page>  ·  <https://probity.example.com/incidents/shop@2026-11-20T12:00:00Z|Incident>  ·  <https://wiki.example.com/shop?a=1&amp;b=2|Runbook>  ·  <http://localhost:3000/d/probity-target?var-target=shop|Dashboard>',
    ])
  })

  it.each([
    ['critical', firing, ':red_circle:', '#a30200'],
    ['a warning', aNotification({ severity: 'warning' }), ':warning:', '#daa038'],
    ['of another severity', aNotification({ severity: 'page' }), ':red_circle:', '#a30200'],
    [
      'called like a method of objects',
      aNotification({ severity: 'constructor' }),
      ':red_circle:',
      '#a30200',
    ],
    ['over', recovered, ':white_check_mark:', '#2eb886'],
    ['a test', testMessage, ':test_tube:', '#808080'],
  ])('has the look of what is %s', (_what, notification, emoji, color) => {
    const message = messageOf(notification)
    expect(message.text.startsWith(`${emoji} `)).toBe(true)
    expect(message.attachments[0]?.color).toBe(color)
  })

  it('calls nobody and leads nowhere that a stranger wants', () => {
    const texts = textsOf(
      messageOf(aNotification({ summary: '<!channel> <https://evil.example|shop> & @here' })),
    )
    expect(texts[0]).toBe(
      ':red_circle: *CRITICAL: &lt;!channel&gt; &lt;https://evil.example|shop&gt; &amp; @here*',
    )
  })

  it('lets no output leave its block', () => {
    const texts = textsOf(messageOf(aNotification({ lastOutput: 'a ``` *b*' })))
    expect(texts.at(-1)).toBe('```\na `\u200b`\u200b` *b*\n```')
  })

  it('is cut after escaping, between two letters', () => {
    const texts = textsOf(messageOf(aNotification({ lastOutput: '&'.repeat(2000) })))
    expect(texts.at(-1)).toBe(`\`\`\`\n${'&amp;'.repeat(598)}…\n\`\`\``)
  })
})
