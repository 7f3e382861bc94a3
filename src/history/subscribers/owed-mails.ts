import type { Statements } from '../sql.ts'

type Queries = Pick<Statements, 'query'>

/** A mail that is owed to a subscriber, and that this process has taken: no other sends it meanwhile. */
export interface OwedMail {
  /** Of the subscriber. */
  readonly id: string
  readonly page: string
  readonly address: string
  /** Up to which news everything was sent to them. */
  readonly sentUpTo: number
  /** Attempts, with the one that is made now. */
  readonly attempts: number
}

/** Milliseconds for which news wait for others, so that they come in one mail. */
export const gatherMs = 60_000

/** Milliseconds between two mails with news to one subscriber. */
export const digestMs = 600_000

/** Seconds between two attempts: it doubles, from the first to the last of these. A day has about 30 attempts. */
const [firstWait, longestWait] = [60, 3600]
export const maxAttempts = 30

interface Row {
  id: string
  page: string
  address: string
  sent_up_to: string | number
  attempts: number
}

const take = (owed: string): string => `
  update probity.subscribers set
    attempts = attempts + 1,
    next_at = $1::timestamptz + least(${longestWait}, ${firstWait} * power(2, least(attempts, 10))) * interval '1 second'
  where id in (
    select subscriber.id from probity.subscribers subscriber
    where subscriber.next_at <= $1::timestamptz and subscriber.page = any($2::text[]) and ${owed}
    order by subscriber.next_at limit $3 for update skip locked
  )
  returning id, page, address, sent_up_to, attempts`

const links = take('subscriber.confirmed_at is null')
const news = take(`subscriber.confirmed_at is not null and exists (
      select from probity.page_news one
      where one.page = subscriber.page and one.id > subscriber.sent_up_to and one.news is not null
        and one.seen_at <= $1::timestamptz - interval '${gatherMs / 1000} seconds'
    )`)

/**
 * Takes mails that are owed now. Who does not say what has become of one has it again after a while: a process that is killed
 * loses none.
 *
 * @param kind `link`: those with the link that confirms. `news`: those with what is new.
 * @throws Whatever the database said.
 */
export async function takeOwed(
  sql: Queries,
  kind: 'link' | 'news',
  { pages, now, limit }: { readonly pages: readonly string[]; readonly now: number; readonly limit: number },
): Promise<OwedMail[]> {
  const rows = await sql.query<Row>(kind === 'link' ? links : news, [
    new Date(now).toISOString(),
    pages,
    limit,
  ])
  return rows.map(({ sent_up_to: sentUpTo, ...row }) => ({ ...row, sentUpTo: Number(sentUpTo) }))
}

/** A link was sent, or is given up. @throws Whatever the database said. */
export async function linkDone(sql: Queries, id: string, now: number): Promise<void> {
  await sql.query(
    `update probity.subscribers set next_at = null, attempts = 0, linked_at = $2::timestamptz
     where id = $1::uuid and confirmed_at is null`,
    [id, new Date(now).toISOString()],
  )
}

/** News were sent, or are given up. @param upTo The newest of them. @throws Whatever the database said. */
export async function newsDone(sql: Queries, id: string, upTo: number, now: number): Promise<void> {
  await sql.query(
    `update probity.subscribers set sent_up_to = $2, attempts = 0, next_at = $3::timestamptz where id = $1::uuid`,
    [id, upTo, new Date(now + digestMs).toISOString()],
  )
}
