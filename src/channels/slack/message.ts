import type { Notification, ReportMessage } from '../channel.ts'
import { sentencesBelow } from '../shared/fitting.ts'
import { lookOf, looks } from '../shared/look.ts'
import { inert } from '../shared/markup.ts'
import { wordsOf } from '../shared/words.ts'

/** A message, as webhooks and `chat.postMessage` take it. */
export interface SlackMessage {
  /** What the notification on a phone shows. */
  readonly text: string
  readonly blocks: readonly object[]
  readonly attachments: readonly { readonly color: string; readonly blocks: readonly object[] }[]
  readonly unfurl_links: boolean
  readonly unfurl_media: boolean
}

/** Slack refuses longer ones. Source: https://docs.slack.dev/reference/block-kit/blocks/section-block */
const maxText = 3000
const maxField = 2000
const maxFields = 10

/**
 * The message: the title, and what is known, next to a bar in the colour of the state.
 *
 * Source: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks and
 * https://docs.slack.dev/messaging/formatting-message-text
 */
export function slackMessage(notification: Notification): SlackMessage {
  const words = wordsOf(notification)
  const { title, facts, links, output } = words
  const { shortcode: emoji, color } = lookOf(notification)
  const rest = sentencesBelow(words)
  const blocks = [
    ...(rest.length > 0 ? [section(escape(rest.join('\n'), maxText))] : []),
    ...tens(facts).map((some) => ({
      type: 'section',
      fields: some.map(({ name, value }) =>
        markdown(`*${name}*\n${escape(value, maxField - name.length - 3)}`),
      ),
    })),
    ...(output === '' ? [] : [section(`\`\`\`\n${escape(inert(output), maxText - 8)}\n\`\`\``)]),
    ...(links.length === 0
      ? []
      : [section(links.map(({ name, url }) => `<${escape(url, maxText)}|${name}>`).join('  ·  '))]),
  ]
  return {
    text: escape(`${emoji} ${title}`, maxText),
    blocks: [section(`${emoji} *${escape(title, maxText - 50)}*`)],
    attachments: [{ color, blocks }],
    unfurl_links: false,
    unfurl_media: false,
  }
}

/** The message in a thread: what has become of the alert, without what the first message shows. */
export function slackReply(notification: Notification): Pick<SlackMessage, 'text' | 'blocks'> {
  const words = wordsOf(notification)
  const { shortcode: emoji } = lookOf(notification)
  const rest = sentencesBelow(words)
  return {
    text: escape(`${emoji} ${words.title}`, maxText),
    blocks: [
      section(`${emoji} *${escape(words.title, maxText - 50)}*`),
      ...(rest.length > 0 ? [section(escape(rest.join('\n'), maxText))] : []),
    ],
  }
}

/** Sections of a report: what is longer nobody reads in a chat. */
const maxSections = 4

/** The message of a report: as many lines of its text as fit, and where the whole of it is. */
export function slackReport({ subject, text, url }: ReportMessage): SlackMessage {
  const sections: string[] = []
  const lines = inert(text).trimEnd().split('\n')
  let part = ''
  let shown = 0
  for (const line of lines) {
    const escaped = escape(line, 1000)
    const isFull = part.length + escaped.length > maxText - 10
    if (isFull && sections.length + 1 === maxSections) break
    if (isFull) sections.push(part)
    part = `${isFull ? '' : part}${escaped}\n`
    shown++
  }
  sections.push(part)
  const left = lines.length - shown
  const rest = [
    ...(left > 0 ? [`${left} more lines`] : []),
    ...(url === undefined ? [] : [`<${escape(url, maxText - 100)}|Report>`]),
  ]
  const blocks = [
    ...sections.map((some) => section(`\`\`\`\n${some}\`\`\``)),
    ...(rest.length > 0 ? [section(rest.join('  ·  '))] : []),
  ]
  return {
    text: escape(subject, maxText),
    blocks: [section(`*${escape(subject, maxText - 50)}*`)],
    attachments: [{ color: looks.info.color, blocks }],
    unfurl_links: false,
    unfurl_media: false,
  }
}

/** So many fit into a section. */
function tens<T>(list: readonly T[]): T[][] {
  return list.flatMap((_, index) => (index % maxFields === 0 ? [list.slice(index, index + maxFields)] : []))
}

/** `verbatim`: what looks like an address or like a name does not become a link by itself. */
function markdown(text: string): object {
  return { type: 'mrkdwn', text, verbatim: true }
}

function section(text: string): object {
  return { type: 'section', text: markdown(text) }
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** Takes the meaning out of `<!channel>` and `<https://...>`. Cut after escaping, never within an entity. */
function escape(text: string, maxLength: number): string {
  let escaped = ''
  for (const character of text) {
    const next = entities[character] ?? character
    if (escaped.length + next.length > maxLength - 1) return `${escaped}…`
    escaped += next
  }
  return escaped
}
