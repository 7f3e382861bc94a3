import type { Post, PostKind } from '../../config/posts/post.ts'
import { html, type Html } from '../../lib/text/html.ts'
import { icon, type IconName } from '../pages/parts/icons.ts'
import { momentIn, type Language } from './languages/language.ts'
import { renderMarkdown } from './markdown.ts'
import type { Outage } from './outages.ts'

const icons: Readonly<Record<PostKind, IconName | undefined>> = {
  incident: 'degraded',
  maintenance: 'maintenance',
  announcement: undefined,
}

/** Posts below a heading; nothing where there are none. */
export function postList(heading: string | undefined, posts: readonly Post[], language: Language): Html {
  if (posts.length === 0) return html``
  return html`<section class="posts">${heading === undefined ? '' : html`<h2>${heading}</h2>`}
${posts.map((post) => article(post, language, heading === undefined ? 2 : 3))}</section>`
}

/** @param level Of the heading of a post. */
function article(post: Post, language: Language, level: number): Html {
  const tag = { markup: `h${level}` }
  const { kinds, affects } = language.posts
  const kind = icons[post.kind]
  const names = post.targets.map((name) => html`<li dir="auto">${name}</li>`)
  return html`<article class="post ${post.kind}" id="post-${post.id}" data-key="${post.id}">
<header><p class="kind">${kind ? icon(kind) : ''}${kinds[post.kind]}</p><${tag} dir="auto">${post.title}</${tag}><p class="quiet small">${period(post, language)}</p></header>
${names.length === 0 ? '' : html`<div class="affects small"><span>${affects}</span><ul class="labels">${names}</ul></div>`}
<div class="text" dir="auto">${renderMarkdown(post.text, level)}</div>
${updateList(post, language, level)}</article>
`
}

/** What was added to a post, the newest first. @param level Of the heading of the post. */
export function updateList({ updates }: Pick<Post, 'updates'>, language: Language, level: number): Html {
  const tag = { markup: `h${level + 1}` }
  const sections = updates.map(
    ({
      at,
      title,
      text,
    }) => html`<section class="update"><${tag}>${time(at, language)}${title === undefined ? '' : html` <span dir="auto">${title}</span>`}</${tag}><div class="text" dir="auto">${renderMarkdown(text, level + 1)}</div></section>
`,
  )
  return html`${sections}`
}

/** From when to when, or that it lasts. */
export function period({ from, to }: Pick<Post, 'from' | 'to'>, language: Language): Html {
  return to ? html`${time(from, language)} – ${time(to, language)}` : time(from, language)
}

function time(at: Date, language: Language): Html {
  return html`<time datetime="${at.toISOString()}">${momentIn(language, at)}</time>`
}

/** When targets were down; nothing where there is nothing to say. */
export function outageList(outages: readonly Outage[], language: Language): Html {
  if (outages.length === 0) return html``
  const rows = outages.map(
    (outage) =>
      html`<li data-key="${outage.target} ${outage.from.toISOString()}"><span dir="auto">${outage.target}</span><span class="quiet small">${period(outage, language)}${outage.to ? '' : html` <b>${language.posts.ongoing}</b>`}</span></li>
`,
  )
  return html`<section class="group"><h2>${language.posts.outages}</h2><ul class="cards outages">${rows}</ul></section>`
}
