import type { Post } from '../../config/posts/post.ts'
import type { PublicPage } from '../../config/public-page.ts'
import { noteOutages, storeNews } from '../../history/subscribers/news.ts'
import type { Sql } from '../../history/sql.ts'
import { outagesFor } from '../../web/public/outages.ts'
import { publicStatus } from '../../web/status/public-targets.ts'
import type { StatusSource } from '../../web/status/status.ts'
import { outageNews, postNews, watchedOf } from './news.ts'

export interface WatchPageOptions {
  readonly sql: Pick<Sql, 'transaction'>
  readonly source: StatusSource
  readonly posts: () => readonly Post[]
  /** Where this process probes from. */
  readonly location: string
}

/** Milliseconds after which an outage is news: what is over by then interests nobody. */
const lastsMs = 120_000

/**
 * Stores what is new on a page since somebody has last looked: posts, updates, and the beginning and the end of outages.
 *
 * @throws Whatever the database said.
 */
export async function watchPage(
  page: PublicPage,
  { sql, source, posts, location }: WatchPageOptions,
  now: number,
): Promise<void> {
  const at = new Date(now)
  const shown = new Set(watchedOf(page))
  const outages = await outagesFor(page, source, at)
  const down = outages
    .filter(({ from, to }) => !to && now - from.getTime() >= lastsMs)
    .map(({ target, from: since }) => ({ target, since }))
  const failing = new Set(outages.flatMap(({ target, to }) => (to ? [] : [target])))
  const works = shown.size === 0 ? [] : await publicStatus(source, page)
  // A target that nobody has checked since a restart is not known to work.
  const up = works
    .filter(({ name, state }) => (state === 'up' || state === 'degraded') && !failing.has(name))
    .map(({ name }) => name)
  await sql.transaction(async (transaction) => {
    const noted = { page: page.path, location, down, up, shown: [...shown], now }
    const { begun, ended } = await noteOutages(transaction, noted)
    const items = [...postNews(page, posts(), at), ...outageNews(begun, ended, at)]
    await storeNews(transaction, { page: page.path, items, now })
  })
}
