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
${posts.map((post) => article(post, language))}</section>`
}

function article(post: Post, language: Language): Html {
  const { kinds, affects } = language.posts
  const kind = icons[post.kind]
  const names = post.targets.map((name) => html`<li dir="auto">${name}</li>`)
  return html`<article class="post ${post.kind}" id="post-${post.id}" data-key="${post.id}">
<header><p class="kind">${kind ? icon(kind) : ''}${kinds[post.kind]}</p><h3 dir="auto">${post.title}</h3><p class="quiet small">${period(post, language)}</p></header>
${names.length === 0 ? '' : html`<div class="affects small"><span>${affects}</span><ul class="labels">${names}</ul></div>`}
<div class="text" dir="auto">${renderMarkdown(post.text)}</div>
${updateList(post, language)}</article>
`
}

/** What was added to a post, the newest first. */
export function updateList({ updates }: Pick<Post, 'updates'>, language: Language): Html {
  const sections = updates.map(
    ({
      at,
      title,
      text,
    }) => html`<section class="update"><h4>${time(at, language)}${title === undefined ? '' : html` <span dir="auto">${title}</span>`}</h4><div class="text" dir="auto">${renderMarkdown(text)}</div></section>
`,
  )
  return html`${sections}`
}

/** From when to when, or that it lasts. */
export function period({ from, to }: Pick<Post, 'from' | 'to'>, language: Language): Html {
  return to ? html`${time(from, language)} – ${time(to, language)}` : time(from, language)
}

function time(at: Date, { code }: Language): Html {
  return html`<time datetime="${at.toISOString()}">${momentIn(code, at)}</time>`
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
