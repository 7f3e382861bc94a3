import * as z from 'zod'
import { postKinds, type Post } from '../../config/posts/post.ts'
import { targetsOf, type PublicPage } from '../../config/public-page.ts'
import type { KnownOutage, NewsItem } from '../../history/subscribers/news.ts'
import { postsFor } from '../../web/public/posts.ts'

const time = z.coerce.date()

/** Something that subscribers get a mail about, as it is stored. */
export const newsSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('post'),
    /** The id of the post. */
    post: z.string(),
    about: z.enum(postKinds),
    title: z.string(),
    from: time,
    to: time.exactOptional(),
    targets: z.array(z.string()),
    /** Markdown. */
    text: z.string(),
  }),
  z.object({
    kind: z.literal('update'),
    post: z.string(),
    about: z.enum(postKinds),
    title: z.string(),
    at: time,
    heading: z.string().exactOptional(),
    text: z.string(),
  }),
  z.object({ kind: z.literal('down'), target: z.string(), from: time }),
  z.object({ kind: z.literal('up'), target: z.string(), from: time, to: time }),
])

export type News = z.infer<typeof newsSchema>

/** Milliseconds: what is older is not news. So nobody gets mails about posts of an archive. */
const newMs = 7 * 86_400_000

/** All posts that a page shows, and their updates, the oldest first. */
export function postNews(page: PublicPage, posts: readonly Post[], now: Date): NewsItem[] {
  const { current, scheduled, past } = postsFor(page, posts, now)
  const isNew = (at: Date): boolean => now.getTime() - at.getTime() < newMs
  return [...past, ...current, ...scheduled]
    .flatMap((post): { readonly at: Date; readonly item: NewsItem }[] => {
      const { id, kind: about, title, from, to, targets, text, updates } = post
      const itself: News = {
        kind: 'post',
        post: id,
        about,
        title,
        from,
        ...(to && { to }),
        targets: [...targets],
        text,
      }
      return [
        { at: from, item: { key: `post/${id}`, ...(isNew(from) && { news: itself }) } },
        ...updates.map(({ at, title: heading, text: words }) => {
          const news: News = {
            kind: 'update',
            post: id,
            about,
            title,
            at,
            ...(heading !== undefined && { heading }),
            text: words,
          }
          return { at, item: { key: `post/${id}/${at.toISOString()}`, ...(isNew(at) && { news }) } }
        }),
      ]
    })
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
    .map(({ item }) => item)
}

/** What has become of outages. */
export function outageNews(
  begun: readonly KnownOutage[],
  ended: readonly KnownOutage[],
  now: Date,
): NewsItem[] {
  const down = begun.map(({ target, since }): NewsItem => {
    const news: News = { kind: 'down', target, from: since }
    return { key: `down/${target}/${since.toISOString()}`, news }
  })
  const up = ended.map(({ target, since }): NewsItem => {
    const news: News = { kind: 'up', target, from: since, to: now }
    return { key: `up/${target}/${since.toISOString()}`, news }
  })
  return [...down, ...up]
}

/** The names of the targets of a page that are shown with their outages. */
export function watchedOf(page: PublicPage): string[] {
  return page.incidents ? targetsOf(page) : []
}
