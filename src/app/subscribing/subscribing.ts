import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import * as z from 'zod'
import { createCounts } from '../../lib/counts.ts'
import { createSeal, type Seal } from '../../access/login/seal.ts'
import { baseOf } from '../../alerts/evidence/links.ts'
import type { Channel } from '../../channels/channel.ts'
import type { NotifyConfig } from '../../config/notify/notify.ts'
import type { Post } from '../../config/posts/post.ts'
import type { PublicPage } from '../../config/public-page.ts'
import {
  askToSubscribe,
  canConfirm,
  confirmSubscriber,
  sharedSecret,
  unsubscribe,
} from '../../history/subscribers/subscribers.ts'
import type { History } from '../../history/store.ts'
import { messageOf, ProbityError } from '../../lib/errors.ts'
import { networkOf } from '../../lib/http/network-of.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Clock } from '../../lib/time/clock.ts'
import { within } from '../../lib/time/within.ts'
import type { Timers } from '../../lib/time/timers.ts'
import { readAddress } from '../../web/public/subscribe/address.ts'
import type { LinkPurpose, Subscribing } from '../../web/public/subscribe/subscribing.ts'
import type { StatusSource } from '../../web/status/status.ts'
import { noStore } from '../notify/test.ts'
import { openChannel } from '../channels.ts'
import { startSubscriptionSender } from './sender.ts'
import { watchPage } from './watch-page.ts'

export interface StartSubscribingOptions {
  /** All pages of the configuration in force. */
  readonly pages: () => readonly PublicPage[]
  readonly history: Pick<History, 'sql' | 'isOpen'>
  /** Where people reach this server: links must not lead to where a visitor says it is. Default: only pages with a host are served. */
  readonly externalUrl: URL | undefined
  /** notify.yml, as it is in force; undefined while it is not read. */
  readonly notify: () => NotifyConfig | undefined
  readonly source: StatusSource
  readonly posts: () => readonly Post[]
  readonly location: string
  /** Where a request comes from. */
  readonly addressOf: (request: IncomingMessage) => string
  readonly env: NodeJS.ProcessEnv
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
  /** Milliseconds for which a visitor waits for the database. Default: 5,000. */
  readonly patienceMs?: number
}

/** Subscriptions that are served, until they are stopped. */
export interface RunningSubscribing extends Subscribing {
  readonly stop: () => Promise<void>
}

/** Addresses that may be entered from one network within an hour. */
const maxFromNetwork = 10
const hourMs = 3_600_000

const linkSchema = z.object({ id: z.uuid(), page: z.string(), purpose: z.enum(['confirm', 'leave']) })

/**
 * Refuses pages whose subscriptions cannot work here, with what is missing.
 *
 * @throws ProbityError `SUBSCRIBE_UNUSABLE`
 */
export function assertCanSubscribe(
  pages: readonly PublicPage[],
  has: { readonly history: boolean; readonly externalUrl: boolean },
): void {
  const page = pages.find((one) => one.subscribe && !(has.history && hasPlace(one, has.externalUrl)))
  if (!page) return
  const missing = has.history
    ? 'mails have links: give the page a host, or set --web.external-url to the address under which people reach this server'
    : 'subscribers are kept in the history, and there is none: set DATABASE_URL, or use probity solo'
  throw new ProbityError(
    'SUBSCRIBE_UNUSABLE',
    `subscribe of the public page ${page.path} cannot be used: ${missing}`,
  )
}

/** Whether it is known where people reach a page. */
function hasPlace({ host }: PublicPage, hasExternalUrl: boolean): boolean {
  return host !== undefined || hasExternalUrl
}

/** Serves the subscriptions of public pages. */
export function startSubscribing(options: StartSubscribingOptions): RunningSubscribing {
  const { history, externalUrl, notify, source, posts, location, addressOf, env, clock, timers, log } =
    options
  const { patienceMs = 5000 } = options
  const { sql } = history
  const pages = (): PublicPage[] =>
    options.pages().filter((page) => page.subscribe && hasPlace(page, externalUrl !== undefined))
  const networks = createCounts(clock, { max: maxFromNetwork, windowMs: hourMs })
  const opened = new WeakMap<NotifyConfig, Map<string, Channel | undefined>>()
  const complained = new Map<string, NotifyConfig>()
  let seal: Promise<Seal> | undefined

  /** Shared by all processes on the database, because the link of one must work at the other. */
  function sealing(): Promise<Seal> {
    seal ??= sharedSecret(sql, 'subscriptions', randomBytes(32).toString('base64url')).then(
      (secret) => createSeal(secret, 'subscription to a page'),
      (error: unknown) => {
        seal = undefined
        throw error
      },
    )
    return seal
  }

  function channelOf({ path, subscribe }: PublicPage): Channel | undefined {
    const config = notify()
    if (!config || !subscribe) return undefined
    const known = opened.get(config) ?? new Map<string, Channel | undefined>()
    opened.set(config, known)
    if (!known.has(subscribe.channel)) known.set(subscribe.channel, open(config, subscribe.channel))
    const channel = known.get(subscribe.channel)
    if (!channel && complained.get(path) !== config) {
      complained.set(path, config)
      log.error(
        { page: path },
        `nobody can subscribe to ${path}: there is no usable channel ${subscribe.channel} of the type email in notify.yml`,
      )
    }
    return channel
  }

  function open({ channels }: NotifyConfig, name: string): Channel | undefined {
    const definition = channels.find((one) => one.name === name)
    if (!definition) return undefined
    const { channel } = openChannel(definition, {
      clock,
      env,
      store: noStore,
      audit: () => Promise.resolve(),
    })
    return channel.sendMail ? channel : undefined
  }

  const isOpen = (page: PublicPage): boolean =>
    history.isOpen() && hasPlace(page, externalUrl !== undefined) && channelOf(page) !== undefined

  function urlOf({ host, path }: PublicPage): string {
    if (host !== undefined) return `${externalUrl?.protocol ?? 'https:'}//${host}/`
    return `${externalUrl ? baseOf(externalUrl) : ''}${path}/`
  }

  /** A visitor does not wait for a database that hangs; what it does later is done all the same. */
  const inTime = <T>(work: Promise<T>): Promise<T> =>
    within(work, patienceMs, () => {
      throw new ProbityError('SUBSCRIBERS_UNAVAILABLE', 'the database does not answer')
    })

  async function read(
    page: PublicPage,
    token: string,
  ): Promise<{ id: string; purpose: LinkPurpose } | undefined> {
    const { data } = linkSchema.safeParse((await sealing()).open(token))
    return data?.page === page.path ? data : undefined
  }

  const sender = startSubscriptionSender({
    sql,
    isOpen: history.isOpen,
    pages,
    watch: (page, now) => watchPage(page, { sql, source, posts, location }, now),
    channelOf,
    async placesOf(page, kind, id) {
      const url = urlOf(page)
      const purpose: LinkPurpose = kind === 'link' ? 'confirm' : 'leave'
      const token = (await sealing()).seal({ id, page: page.path, purpose } satisfies z.infer<
        typeof linkSchema
      >)
      return { page: url, link: `${url}subscription?t=${token}` }
    },
    clock,
    timers,
    log,
  })

  async function look(page: PublicPage, token: string): Promise<LinkPurpose | undefined> {
    const link = await read(page, token)
    if (link?.purpose !== 'confirm') return link?.purpose
    return (await canConfirm(sql, { id: link.id, page: page.path, now: clock.now() })) ? 'confirm' : undefined
  }

  async function act(page: PublicPage, token: string): Promise<LinkPurpose | undefined> {
    const link = await read(page, token)
    if (!link) return undefined
    const { id, purpose } = link
    if (purpose === 'leave') await unsubscribe(sql, { id, page: page.path })
    else if (!(await confirmSubscriber(sql, { id, page: page.path, now: clock.now() }))) return undefined
    log.info(
      { audit: true, page: page.path, subscriber: id },
      purpose === 'leave' ? 'unsubscribed' : 'subscribed',
    )
    return purpose
  }

  return {
    isOpen,
    async ask(page, text, request) {
      const address = readAddress(text)
      if (address === undefined) return 'invalid'
      const from = networkOf(addressOf(request))
      if (networks.wait(from) > 0) return 'too many'
      networks.count(from)
      if (!isOpen(page)) return 'unavailable'
      try {
        await inTime(askToSubscribe(sql, { page: page.path, address, now: clock.now() }))
      } catch (error) {
        log.warn({ page: page.path, error: messageOf(error) }, 'a subscription was not stored')
        return 'unavailable'
      }
      sender.wake()
      return 'asked'
    },
    look: (page, token) => inTime(look(page, token)),
    act: (page, token) => inTime(act(page, token)),
    stop: sender.stop,
  }
}
