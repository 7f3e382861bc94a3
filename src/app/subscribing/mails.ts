import type { PersonalMail } from '../../channels/channel.ts'
import type { PublicPage } from '../../config/public-page.ts'
import { html, type Html } from '../../lib/text/html.ts'
import { cut, oneLine } from '../../lib/text/text.ts'
import { languages } from '../../web/public/languages/index.ts'
import { momentIn, type Language } from '../../web/public/languages/language.ts'
import { renderMarkdown } from '../../web/public/markdown.ts'
import type { News } from './news.ts'

/** Where a page is, and where the links of a mail lead. */
export interface MailPlaces {
  /** Of the page, with a slash at its end. */
  readonly page: string
  /** The link that the mail is about, or the one that ends the subscription. */
  readonly link: string
}

type Mail = Omit<PersonalMail, 'to' | 'id'>

const maxSubject = 200

/** The first mail, with the link that confirms. */
export function linkMail(page: PublicPage, { link }: MailPlaces): Mail {
  const language = languages[page.language]
  const { linkSubject, linkText, linkIgnore, confirmButton } = language.subscribe
  const title = page.title ?? language.status
  return {
    subject: subjectOf(linkSubject(title)),
    text: `${linkText(title)}\n\n${link}\n\n${linkIgnore}\n`,
    html: document(
      language,
      html`<p>${linkText(title)}</p>
<p><a href="${link}">${confirmButton}</a></p>
<p>${linkIgnore}</p>`,
    ),
    headers: {},
  }
}

/**
 * A mail with what is new, the oldest first.
 *
 * The headers are those of RFC 8058: programs of mails show a button that ends the subscription with one click.
 */
export function newsMail(page: PublicPage, news: readonly News[], { page: url, link }: MailPlaces): Mail {
  const language = languages[page.language]
  const { why, leave, more } = language.subscribe
  const title = page.title ?? language.status
  const parts = news.map((one) => partOf(one, language, url))
  const [first] = parts
  const others = parts.length - 1
  const subject = `${title}: ${first?.title ?? ''}${others === 0 ? '' : ` (${more(others)})`}`
  return {
    subject: subjectOf(subject),
    text: `${parts.map(({ title: heading, text }) => `${heading}\n\n${text}`).join('\n\n----\n\n')}\n\n${url}\n\n-- \n${why(title)}\n${leave} ${link}\n`,
    html: document(
      language,
      html`${parts.map(
        ({ title: heading, url: at, body }) => html`<h2 dir="auto"><a href="${at}">${heading}</a></h2>
${body}
`,
      )}<hr>
<p>${why(title)} <a href="${link}">${leave.replace(/:$/, '')}</a></p>`,
    ),
    headers: { 'List-Unsubscribe': `<${link}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
  }
}

interface Part {
  readonly title: string
  readonly url: string
  readonly text: string
  readonly body: Html
}

function partOf(news: News, language: Language, url: string): Part {
  const { posts, subscribe } = language
  const when = (at: Date): string => momentIn(language, at)
  if (news.kind === 'down' || news.kind === 'up') {
    const period = news.kind === 'up' ? `${when(news.from)} – ${when(news.to)}` : when(news.from)
    const title = subscribe[news.kind](news.target)
    return { title, url, text: period, body: html`<p>${period}</p>` }
  }
  const { about, text, post } = news
  const title = `${posts.kinds[about]}: ${news.title}`
  const place = `${url}#post-${encodeURIComponent(post)}`
  const lines =
    news.kind === 'post'
      ? [
          news.to ? `${when(news.from)} – ${when(news.to)}` : when(news.from),
          ...(news.targets.length === 0 ? [] : [`${posts.affects} ${news.targets.join(', ')}`]),
        ]
      : [`${when(news.at)}${news.heading === undefined ? '' : ` ${news.heading}`}`]
  return {
    title,
    url: place,
    text: [...lines, ...(text === '' ? [] : ['', text])].join('\n'),
    body: html`${lines.map((line) => html`<p dir="auto">${line}</p>`)}<div dir="auto">${renderMarkdown(text, 2)}</div>`,
  }
}

function document({ code, direction }: Language, body: Html): string {
  return html`<!doctype html>
<html lang="${code}" dir="${direction}"><head><meta charset="utf-8"></head>
<body style="font-family:sans-serif;max-width:40em">
${body}
</body></html>
`.markup
}

function subjectOf(text: string): string {
  return cut(oneLine(text), maxSubject)
}
