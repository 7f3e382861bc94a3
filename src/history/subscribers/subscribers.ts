import type { Statements } from '../sql.ts'

type Queries = Pick<Statements, 'query'>

/** Somebody who gets the news of a page, or has asked for them. */
export interface Subscriber {
  readonly page: string
  readonly address: string
  readonly askedAt: Date
  /** Absent until the link of the first mail was used. */
  readonly confirmedAt?: Date
}

/** How many there may be. */
export interface SubscriberLimits {
  /** Of one page, who have not used their link yet. */
  readonly pending: number
  /** Of one page, who get mails. */
  readonly confirmed: number
  /** New ones of one page within an hour. */
  readonly hourly: number
  /** Mails with a link to one address within a day, whatever the page. */
  readonly mails: number
}

const subscriberLimits: SubscriberLimits = { pending: 1000, confirmed: 10_000, hourly: 200, mails: 3 }

/** Milliseconds for which a link that confirms works. After them, the address is forgotten. */
export const pendingMs = 86_400_000

/** Milliseconds after which another link may be asked for. */
const againMs = 600_000

const hourMs = 3_600_000

const ago = (now: number, milliseconds: number): string => new Date(now - milliseconds).toISOString()
const at = (now: number): string => new Date(now).toISOString()

/**
 * Notes that somebody wants to get the news of a page: a mail with a link is owed, unless a limit is reached or the address has
 * it already. It is one statement whatever comes of it, so that its duration says nothing either.
 *
 * @throws Whatever the database said.
 */
export async function askToSubscribe(
  sql: Queries,
  { page, address, now }: { readonly page: string; readonly address: string; readonly now: number },
  limits: SubscriberLimits = subscriberLimits,
): Promise<void> {
  await sql.query(
    `insert into probity.subscribers as known (page, address, asked_at, next_at)
     select $1, $2, $3::timestamptz, $3::timestamptz
     where (select count(*) from probity.subscribers where page = $1 and confirmed_at is null) < $4
       and (select count(*) from probity.subscribers where page = $1 and confirmed_at is not null) < $5
       and (select count(*) from probity.subscribers where page = $1 and asked_at > $8::timestamptz) < $6
       and (
         select coalesce(sum(asked), 0) from probity.subscribers
         where lower(address) = lower($2) and confirmed_at is null
       ) < $7
     on conflict (page, lower(address)) do update set asked = known.asked + 1, next_at = $3::timestamptz, attempts = 0
     where known.confirmed_at is null and known.next_at is null and known.linked_at < $9::timestamptz`,
    [
      page,
      address,
      at(now),
      limits.pending,
      limits.confirmed,
      limits.hourly,
      limits.mails,
      ago(now, hourMs),
      ago(now, againMs),
    ],
  )
}

/**
 * Whether the link of a subscriber still confirms something, or has done so.
 *
 * @throws Whatever the database said.
 */
export async function canConfirm(
  sql: Queries,
  { id, page, now }: { readonly id: string; readonly page: string; readonly now: number },
): Promise<boolean> {
  const rows = await sql.query(
    `select from probity.subscribers
     where id = $1::uuid and page = $2 and (confirmed_at is not null or asked_at > $3::timestamptz)`,
    [id, page, ago(now, pendingMs)],
  )
  return rows.length > 0
}

/**
 * Begins to send the news of a page, from the next one on. Who has confirmed already stays so.
 *
 * @returns Whether the link was valid, and there was room.
 * @throws Whatever the database said.
 */
export async function confirmSubscriber(
  sql: Queries,
  { id, page, now }: { readonly id: string; readonly page: string; readonly now: number },
  limits: SubscriberLimits = subscriberLimits,
): Promise<boolean> {
  const rows = await sql.query(
    `update probity.subscribers set
       sent_up_to = case when confirmed_at is null
         then coalesce((select max(id) from probity.page_news where page = $2), 0) else sent_up_to end,
       next_at = case when confirmed_at is null then $3::timestamptz else next_at end,
       attempts = case when confirmed_at is null then 0 else attempts end,
       confirmed_at = coalesce(confirmed_at, $3::timestamptz)
     where id = $1::uuid and page = $2
       and (
         confirmed_at is not null
         or asked_at > $4::timestamptz
           and (select count(*) from probity.subscribers where page = $2 and confirmed_at is not null) < $5
       )
     returning id`,
    [id, page, at(now), ago(now, pendingMs), limits.confirmed],
  )
  return rows.length > 0
}

/** Forgets a subscriber; one that is gone already is fine. @throws Whatever the database said. */
export async function unsubscribe(
  sql: Queries,
  { id, page }: { readonly id: string; readonly page: string },
): Promise<void> {
  await sql.query('delete from probity.subscribers where id = $1::uuid and page = $2', [id, page])
}

/** Forgets who has not confirmed in time. @throws Whatever the database said. */
export async function forgetPending(sql: Queries, now: number): Promise<void> {
  await sql.query(
    'delete from probity.subscribers where confirmed_at is null and asked_at <= $1::timestamptz',
    [ago(now, pendingMs)],
  )
}

/** Which subscribers are meant. */
export interface SubscribersAsked {
  /** Default: of all pages. */
  readonly page?: string | undefined
  /** Default: every one. Letters may be small or capital. */
  readonly address?: string | undefined
}

interface Row {
  page: string
  address: string
  asked_at: Date
  confirmed_at: Date | null
}

const asked = `($1::text is null or page = $1) and ($2::text is null or lower(address) = lower($2))`

/** In the order of pages and addresses. @throws Whatever the database said. */
export async function listSubscribers(
  sql: Queries,
  { page, address }: SubscribersAsked,
): Promise<Subscriber[]> {
  const rows = await sql.query<Row>(
    `select page, address, asked_at, confirmed_at from probity.subscribers where ${asked}
     order by page, lower(address)`,
    [page ?? null, address ?? null],
  )
  return rows.map(subscriberOf)
}

/** @returns Those that are forgotten now. @throws Whatever the database said. */
export async function removeSubscribers(
  sql: Queries,
  { page, address }: SubscribersAsked,
): Promise<Subscriber[]> {
  const rows = await sql.query<Row>(
    `delete from probity.subscribers where ${asked} returning page, address, asked_at, confirmed_at`,
    [page ?? null, address ?? null],
  )
  return rows.map(subscriberOf)
}

function subscriberOf({ page, address, asked_at: askedAt, confirmed_at: confirmedAt }: Row): Subscriber {
  return { page, address, askedAt, ...(confirmedAt && { confirmedAt }) }
}

/**
 * The secret of this name that all processes on the database share; it is made where there is none.
 *
 * @param made What it becomes then.
 * @throws Whatever the database said.
 */
export async function sharedSecret(sql: Queries, name: string, made: string): Promise<string> {
  await sql.query(
    'insert into probity.secrets (name, secret) values ($1, $2) on conflict (name) do nothing',
    [name, made],
  )
  const [row] = await sql.query<{ secret: string }>('select secret from probity.secrets where name = $1', [
    name,
  ])
  return row?.secret ?? made
}
