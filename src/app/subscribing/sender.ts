import { codeOf, messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Clock } from '../../lib/time/clock.ts'
import type { Timers } from '../../lib/time/timers.ts'
import { DeliveryError, type Channel } from '../../channels/channel.ts'
import type { PublicPage } from '../../config/public-page.ts'
import type { Statements } from '../../history/sql.ts'
import { forgetNews, readNews, type StoredNews } from '../../history/subscribers/news.ts'
import {
  gatherMs,
  linkDone,
  maxAttempts,
  newsDone,
  takeOwed,
  type OwedMail,
} from '../../history/subscribers/owed-mails.ts'
import { forgetPending } from '../../history/subscribers/subscribers.ts'
import { linkMail, newsMail, type MailPlaces } from './mails.ts'
import { newsSchema } from './news.ts'

export interface SubscriptionSenderOptions {
  readonly sql: Pick<Statements, 'query'>
  /** Whether there is something to ask. */
  readonly isOpen: () => boolean
  /** Those of the configuration that have subscriptions. */
  readonly pages: () => readonly PublicPage[]
  /** Stores what is new on a page. */
  readonly watch: (page: PublicPage, now: number) => Promise<void>
  /** What sends the mails of a page; undefined where it cannot be used. */
  readonly channelOf: (page: PublicPage) => Channel | undefined
  readonly placesOf: (page: PublicPage, kind: 'link' | 'news', id: string) => Promise<MailPlaces>
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
}

/** Sends what is owed to subscribers. */
export interface SubscriptionSender {
  /** Looks at once: somebody waits for a link. */
  readonly wake: () => void
  /** What is not sent by then is sent after the next start. */
  readonly stop: () => Promise<void>
}

/** Milliseconds between two looks. */
const lookMs = 10_000

/** Mails that are taken at once: few enough that they are sent before another process takes them again. */
const batch = 5

/** Mails one after the other that the server does not take, after which it is left alone until the next look. */
const maxFailures = 3

/** Looks at pages, and sends what is owed. Each mail is taken before it is sent, so that only one process sends it. */
export function startSubscriptionSender(options: SubscriptionSenderOptions): SubscriptionSender {
  const { sql, pages, watch, channelOf, placesOf, clock, timers, log } = options
  const ending = new AbortController()
  const { signal } = ending
  let cancel = (): void => undefined
  let running: Promise<void> | undefined
  let again = false
  let trouble: string | undefined

  async function send(
    kind: 'link' | 'news',
    owed: OwedMail,
    page: PublicPage,
  ): Promise<'sent' | 'failed' | 'refused'> {
    const { id, address: to, attempts } = owed
    const now = clock.now()
    const news =
      kind === 'news'
        ? await readNews(sql, { page: owed.page, after: owed.sentUpTo, until: now - gatherMs })
        : []
    const done = (): Promise<void> =>
      kind === 'link' ? linkDone(sql, id, clock.now()) : newsDone(sql, id, upTo(news, owed), clock.now())
    const places = await placesOf(page, kind, id)
    const mail = kind === 'link' ? linkMail(page, places) : newsMail(page, news.flatMap(readable), places)
    try {
      const number = `${id} ${kind === 'link' ? 'link' : String(upTo(news, owed))}`
      await channelOf(page)?.sendMail?.({ ...mail, id: number, to }, signal)
      await done()
      return 'sent'
    } catch (error) {
      if (signal.aborted || !(error instanceof DeliveryError)) throw error
      const why = withoutAddress(error.message, to)
      // Of a server that is set wrong, such as a password, nothing is to be lost.
      if ((error.retry || !error.isOfRecipient) && attempts < maxAttempts) {
        log.warn({ page: page.path, attempts }, `a mail to a subscriber was not sent yet: ${why}`)
        return 'failed'
      }
      log.error({ page: page.path, attempts }, `a mail to a subscriber is given up: ${why}`)
      await done()
      return 'refused'
    }
  }

  /** Page by page: the mail server of one that does not answer delays no other for long. */
  async function sendAll(kind: 'link' | 'news'): Promise<void> {
    for (const page of pages()) if (channelOf(page)?.sendMail) await sendOf(kind, page)
  }

  async function sendOf(kind: 'link' | 'news', page: PublicPage): Promise<void> {
    for (let failures = 0; ;) {
      const owed = await takeOwed(sql, kind, { pages: [page.path], now: clock.now(), limit: batch })
      for (const one of owed) {
        if (signal.aborted) return
        const outcome = await send(kind, one, page)
        failures = outcome === 'failed' ? failures + 1 : 0
        // The others that are taken have their next attempt when theirs would have been.
        if (failures >= maxFailures) return
      }
      if (owed.length < batch) return
    }
  }

  async function look(): Promise<void> {
    if (!options.isOpen() || pages().length === 0) return
    try {
      await forgetPending(sql, clock.now())
      await forgetNews(sql, clock.now())
      await sendAll('link')
      for (const page of pages()) await watch(page, clock.now())
      await sendAll('news')
      trouble = undefined
    } catch (error) {
      if (signal.aborted) return
      const now = codeOf(error) ?? messageOf(error)
      if (trouble !== now) log.warn({ error: messageOf(error) }, 'subscribers cannot be served now')
      trouble = now
    }
  }

  function start(): void {
    cancel()
    if (running) {
      again = true
      return
    }
    again = false
    running = look().finally(() => {
      running = undefined
      if (!signal.aborted) cancel = timers.after(again ? 0 : lookMs, start)
    })
  }

  start()
  return {
    wake: start,
    async stop() {
      ending.abort()
      cancel()
      await running
    },
  }
}

/** What went wrong, for a log that has no addresses. Mail servers repeat them, some with other capitals. */
function withoutAddress(message: string, address: string): string {
  const lower = address.toLowerCase()
  let rest = message
  let shown = ''
  for (let at; (at = rest.toLowerCase().indexOf(lower)) >= 0; rest = rest.slice(at + lower.length))
    shown += `${rest.slice(0, at)}<the subscriber>`
  return shown + rest
}

function upTo(news: readonly StoredNews[], { sentUpTo }: OwedMail): number {
  return news.at(-1)?.id ?? sentUpTo
}

function readable({ news }: StoredNews) {
  const { data } = newsSchema.safeParse(news)
  return data ? [data] : []
}
