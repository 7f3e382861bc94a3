import { html, type Html } from '../../../lib/text/html.ts'
import type { Feed } from './entry.ts'

/** A format of feeds. */
export interface FeedFormat {
  /** Below the path of the page. */
  readonly file: string
  /** As people know it. */
  readonly name: string
  readonly type: string
  readonly render: (feed: Feed) => string
}

const declaration: Html = { markup: '<?xml version="1.0" encoding="utf-8"?>' }

/** RFC 4287. */
function atom({ id, title, language, url, updated, entries }: Feed): string {
  return html`${declaration}
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${language}">
<id>${id}</id>
<title>${title}</title>
<updated>${updated.toISOString()}</updated>
<author><name>${title}</name></author>
<link rel="alternate" type="text/html" href="${url}"/>
<link rel="self" type="application/atom+xml" href="${url}feed.atom"/>
${entries.map(
  (entry) => html`<entry>
<id>${entry.id}</id>
<title>${entry.title}</title>
<published>${entry.published.toISOString()}</published>
<updated>${entry.updated.toISOString()}</updated>
<link rel="alternate" type="text/html" href="${entry.url}"/>
<category term="${entry.category}"/>
<content type="html">${entry.content.markup}</content>
</entry>
`,
)}</feed>
`.markup
}

/** RSS 2.0, with the link to itself that its advisory board recommends. */
function rss({ title, language, url, updated, entries }: Feed): string {
  return html`${declaration}
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
<title>${title}</title>
<link>${url}</link>
<description>${title}</description>
<language>${language}</language>
<lastBuildDate>${updated.toUTCString()}</lastBuildDate>
<atom:link rel="self" type="application/rss+xml" href="${url}feed.rss"/>
${entries.map(
  (entry) => html`<item>
<title>${entry.title}</title>
<link>${entry.url}</link>
<guid isPermaLink="false">${entry.id}</guid>
<pubDate>${entry.published.toUTCString()}</pubDate>
<category>${entry.category}</category>
<description>${entry.content.markup}</description>
</item>
`,
)}</channel>
</rss>
`.markup
}

/** JSON Feed 1.1. */
function jsonFeed({ title, language, url, entries }: Feed): string {
  const feed = {
    version: 'https://jsonfeed.org/version/1.1',
    title,
    home_page_url: url,
    feed_url: `${url}feed.json`,
    language,
    items: entries.map((entry) => ({
      id: entry.id,
      url: entry.url,
      title: entry.title,
      content_html: entry.content.markup,
      date_published: entry.published.toISOString(),
      date_modified: entry.updated.toISOString(),
      tags: [entry.category],
    })),
  }
  return `${JSON.stringify(feed, null, 2)}\n`
}

/** Every format. */
export const feedFormats: readonly FeedFormat[] = [
  { file: 'feed.atom', name: 'Atom', type: 'application/atom+xml', render: atom },
  { file: 'feed.rss', name: 'RSS', type: 'application/rss+xml', render: rss },
  { file: 'feed.json', name: 'JSON Feed', type: 'application/feed+json', render: jsonFeed },
]
