import { createHash } from 'node:crypto'
import type { PublicPage } from '../../../config/public-page.ts'
import { changedAt, type Post } from '../../../config/posts/post.ts'
import { html, type Html } from '../../../lib/text/html.ts'
import { languages } from '../languages/index.ts'
import { period, updateList } from '../post-list.ts'
import { renderMarkdown } from '../markdown.ts'
import type { Outage } from '../outages.ts'

/** One entry of a feed, whatever its format. */
export interface Entry {
  /** `urn:uuid:...`: the same as long as the page and the post have their names. */
  readonly id: string
  readonly title: string
  /** Where it is on the page. */
  readonly url: string
  /** The word for its kind. */
  readonly category: string
  readonly published: Date
  readonly updated: Date
  readonly content: Html
}

/** All that the formats of a feed are made of. */
export interface Feed {
  readonly id: string
  readonly title: string
  /** A code, such as `en`. */
  readonly language: string
  /** Of the page, with a slash at its end. */
  readonly url: string
  readonly updated: Date
  /** The newest first. */
  readonly entries: readonly Entry[]
}

/**
 * Makes the feed of a page.
 *
 * @param url Of the page, with a slash at its end.
 * @param now What ends later has not ended: it does not change the date of an entry.
 */
export function feedOf(
  page: PublicPage,
  { posts, outages }: { readonly posts: readonly Post[]; readonly outages: readonly Outage[] },
  url: string,
  now: Date,
): Feed {
  const language = languages[page.language]
  const ofPosts = posts.map((post): Entry => {
    const ended = post.to && post.to <= now ? post.to.getTime() : 0
    return {
      id: urn(`${page.path}/posts/${post.id}`),
      title: `${language.posts.kinds[post.kind]}: ${post.title}`,
      url: `${url}#post-${encodeURIComponent(post.id)}`,
      category: language.posts.kinds[post.kind],
      published: new Date(Math.min(post.from.getTime(), ...post.updates.map(({ at }) => at.getTime()))),
      updated: new Date(Math.max(changedAt(post).getTime(), ended)),
      content: html`<p>${period(post, language)}</p>
${post.targets.length === 0 ? '' : html`<p>${language.posts.affects} ${post.targets.join(', ')}</p>`}
${renderMarkdown(post.text, 2)}${updateList(post, language, 2)}`,
    }
  })
  const ofOutages = outages.map((outage): Entry => ({
    id: urn(`${page.path}/outages/${outage.from.toISOString()}/${outage.target}`),
    title: language.posts.wasDown(outage.target),
    url,
    category: language.posts.kinds.incident,
    published: outage.from,
    updated: outage.to ?? outage.from,
    content: html`<p>${period(outage, language)}${outage.to ? '' : ` (${language.posts.ongoing})`}</p>`,
  }))
  const entries = [...ofPosts, ...ofOutages].toSorted((a, b) => b.updated.getTime() - a.updated.getTime())
  return {
    id: urn(page.path),
    title: page.title ?? language.status,
    language: page.language,
    url,
    updated: entries[0]?.updated ?? new Date(0),
    entries,
  }
}

/** Of RFC 9562, version 8: made of a name, so that it outlives hosts, restarts and copies of the files. */
function urn(name: string): string {
  const hex = createHash('sha256').update(`probity:${name}`).digest('hex')
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
