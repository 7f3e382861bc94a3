import type { Statements } from '../sql.ts'

type Queries = Pick<Statements, 'query'>

/** Something that can be new on a page. */
export interface NewsItem {
  /** The same as long as it is the same news. */
  readonly key: string
  /** What a mail says of it. Absent: it is not worth a mail, but known from now on. */
  readonly news?: unknown
}

/** News that is stored. */
export interface StoredNews {
  readonly id: number
  readonly seenAt: Date
  readonly news: unknown
}

/** The key of the row that says that a page was looked at. */
const looked = ''

/** News in one mail, at most; the others come in the next one. */
const maxNews = 50

/** Days for which news that are gone from a page stay known. */
const keptDays = 180

/**
 * Stores what is new on a page. What is there when a page is looked at for the first time is not new.
 *
 * @returns How many there were.
 * @throws Whatever the database said.
 */
export async function storeNews(
  sql: Queries,
  { page, items, now }: { readonly page: string; readonly items: readonly NewsItem[]; readonly now: number },
): Promise<number> {
  const rows = await sql.query(
    `with first_look as (
       select not exists (select from probity.page_news where page = $1 and key = '${looked}') as it_is
     )
     insert into probity.page_news (page, key, seen_at, news)
     select $1, item.key, $2::timestamptz, case when first_look.it_is then null else item.news end
     from first_look, jsonb_to_recordset($3::jsonb) as item(key text, news jsonb)
     on conflict (page, key) do nothing
     returning id`,
    [page, new Date(now).toISOString(), JSON.stringify([{ key: looked }, ...items])],
  )
  return rows.length
}

/** What is to be sent after a news, the oldest first. @param until When the newest was seen. @throws Whatever the database said. */
export async function readNews(
  sql: Queries,
  { page, after, until }: { readonly page: string; readonly after: number; readonly until: number },
): Promise<StoredNews[]> {
  const rows = await sql.query<{ id: string | number; seen_at: Date; news: unknown }>(
    `select id, seen_at, news from probity.page_news
     where page = $1 and id > $2 and news is not null and seen_at <= $3::timestamptz order by id limit ${maxNews}`,
    [page, after, new Date(until).toISOString()],
  )
  return rows.map(({ id, seen_at: seenAt, news }) => ({ id: Number(id), seenAt, news }))
}

/** Forgets news that nothing asks for any more: no post that old is sent. @throws Whatever the database said. */
export async function forgetNews(sql: Queries, now: number): Promise<void> {
  await sql.query(`delete from probity.page_news where key <> '${looked}' and seen_at < $1::timestamptz`, [
    new Date(now - keptDays * 86_400_000).toISOString(),
  ])
}

/** An outage that subscribers know of. */
export interface KnownOutage {
  readonly target: string
  readonly since: Date
}

/** Milliseconds after which an outage is no longer that of a location that says nothing more of it. */
const orphanMs = 3_600_000

/**
 * Notes which targets of a page are down, as one location sees it. An outage that another location has noted is left to it.
 *
 * @param up Which of them certainly work.
 * @param shown All targets of the page: what is known of others is forgotten.
 * @returns What has begun and what has ended since.
 * @throws Whatever the database said.
 */
export async function noteOutages(
  sql: Queries,
  options: {
    readonly page: string
    readonly location: string
    readonly down: readonly KnownOutage[]
    readonly up: readonly string[]
    readonly shown: readonly string[]
    readonly now: number
  },
): Promise<{ readonly begun: KnownOutage[]; readonly ended: KnownOutage[] }> {
  const { page, location, down, up, shown, now } = options
  const moment = new Date(now).toISOString()
  const begun = await sql.query<{ target: string; since: Date; is_new: boolean }>(
    `insert into probity.page_outages as known (page, target, location, since, seen_at)
     select $1, item.target, $2, item.since, $3::timestamptz
     from jsonb_to_recordset($4::jsonb) as item(target text, since timestamptz)
     on conflict (page, target) do update set seen_at = $3::timestamptz, location = $2
     where known.location = $2 or known.seen_at < $5::timestamptz
     returning target, since, xmax = 0 as is_new`,
    [page, location, moment, JSON.stringify(down), new Date(now - orphanMs).toISOString()],
  )
  const ended = await sql.query<{ target: string; since: Date }>(
    `delete from probity.page_outages
     where page = $1 and target = any($2::text[]) and (location = $3 or seen_at < $4::timestamptz)
     returning target, since`,
    [page, up, location, new Date(now - orphanMs).toISOString()],
  )
  await sql.query('delete from probity.page_outages where page = $1 and target <> all($2::text[])', [
    page,
    shown,
  ])
  return {
    begun: begun.flatMap(({ is_new: isNew, target, since }) => (isNew ? [{ target, since }] : [])),
    ended,
  }
}
