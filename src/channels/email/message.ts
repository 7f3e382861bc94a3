import { createHash, randomUUID } from 'node:crypto'
import type { SendMailOptions } from 'nodemailer'
import type { Notification } from '../channel.ts'
import type { Words } from '../shared/parts.ts'
import { wordsOf } from '../shared/words.ts'

/** Who writes to whom. */
export interface EmailParties {
  readonly from: string
  readonly to: readonly string[]
}

/** The mail: text and HTML, and headers that put the mails of one alert into one thread. */
export function emailMessage(notification: Notification, { from, to }: EmailParties): SendMailOptions {
  const words = wordsOf(notification)
  return {
    from,
    to: [...to],
    subject: words.title,
    text: `${words.title}\n\n${belowTitle(words)}\n`,
    html: emailHtml(words),
    ...threadOf(notification, from),
    headers: notAnswered,
  }
}

/** RFC 3834: no automatic reply should answer this. */
export const notAnswered = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' } as const

/** The body, whose first sentence may be the title once more. */
function belowTitle({ title, sentences: [first = ''], body }: Words): string {
  return title.endsWith(`: ${first}`) ? body.slice(first.length).trimStart() : body
}

/**
 * The first mail of an alert begins the thread, the others refer to it. The same notification has the same number when it is
 * sent again, so that mail servers can drop the copy. (RFC 5322, section 3.6.4.)
 */
function threadOf(
  notification: Notification,
  from: string,
): Pick<SendMailOptions, 'messageId' | 'references' | 'inReplyTo'> {
  const { status, fingerprint, startsAt, alertCount = 1, test } = notification
  const host = hostOf(from)
  if (test) return { messageId: `<probity.test.${randomUUID()}@${host}>` }
  const alert = createHash('sha256').update(`${fingerprint} ${startsAt.getTime()}`).digest('hex').slice(0, 32)
  const first = `<probity.${alert}@${host}>`
  if (status === 'firing' && alertCount <= 1) return { messageId: first }
  const which = status === 'resolved' ? 'resolved' : String(alertCount)
  return { messageId: `<probity.${alert}.${which}@${host}>`, inReplyTo: first, references: first }
}

/** The host of the address of a sender, for the numbers of messages. */
export function hostOf(from: string): string {
  return /@([\w.-]+)/.exec(from)?.[1] ?? 'probity.invalid'
}

function emailHtml({ title, sentences, facts, links, output }: Words): string {
  const rows = facts.map(
    ({ name, value }) =>
      `<tr><th align="left" valign="top" style="padding-right:1em">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
  )
  const anchors = links.map(({ name, url }) => `<a href="${escapeHtml(url)}">${escapeHtml(name)}</a>`)
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"></head><body style="font-family:sans-serif">',
    `<h2 style="font-size:1.2em">${escapeHtml(title)}</h2>`,
    ...sentences
      .filter((sentence) => !title.endsWith(sentence))
      .map((sentence) => `<p>${escapeHtml(sentence)}</p>`),
    `<table>${rows.join('')}</table>`,
    anchors.length > 0 ? `<p>${anchors.join(' &middot; ')}</p>` : '',
    output === '' ? '' : `<pre style="background:#eee;padding:.5em">${escapeHtml(output)}</pre>`,
    '</body></html>',
  ]
    .filter((line) => line !== '')
    .join('\n')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}
