import { expect, it } from 'vitest'
import { forgetNews, noteOutages, readNews, storeNews } from '../../../src/history/subscribers/news.ts'
import {
  digestMs,
  gatherMs,
  linkDone,
  newsDone,
  takeOwed,
  type OwedMail,
} from '../../../src/history/subscribers/owed-mails.ts'
import {
  askToSubscribe,
  canConfirm,
  confirmSubscriber,
  forgetPending,
  listSubscribers,
  pendingMs,
  removeSubscribers,
  sharedSecret,
  unsubscribe,
  type SubscriberLimits,
} from '../../../src/history/subscribers/subscribers.ts'
import { onEachDatabase } from '../support/databases.ts'

const start = Date.parse('2026-11-21T12:00:00Z')
const minute = 60_000
const hour = 3_600_000
const roomy: SubscriberLimits = { pending: 100, confirmed: 100, hourly: 100, mails: 3 }

onEachDatabase('subscribers of pages', (sql) => {
  let pages = 0
  const newPage = (): string => `/status/p${++pages}`

  const ask = (page: string, address: string, now = start, limits = roomy): Promise<void> =>
    askToSubscribe(sql(), { page, address, now }, limits)

  const take = (kind: 'link' | 'news', page: string, now = start, limit = 10): Promise<OwedMail[]> =>
    takeOwed(sql(), kind, { pages: [page], now, limit })

  const addresses = async (page: string): Promise<string[]> =>
    (await listSubscribers(sql(), { page })).map(({ address, confirmedAt }) =>
      confirmedAt ? `${address} confirmed` : address,
    )

  /** Somebody who has used the link. */
  async function subscriber(page: string, address: string, now = start): Promise<string> {
    await ask(page, address, now)
    const owed = await take('link', page, now)
    const { id } = owed.find((one) => one.address === address)!
    await linkDone(sql(), id, now)
    expect(await confirmSubscriber(sql(), { id, page, now })).toBe(true)
    return id
  }

  const news = async (page: string, now: number, ...keys: string[]): Promise<number> =>
    storeNews(sql(), { page, items: keys.map((key) => ({ key, news: { about: key } })), now })

  it('get one link, whatever the letters of their address, and are forgotten when they do not use it', async () => {
    const page = newPage()
    await ask(page, 'anna@example.org')
    await ask(page, 'Anna@example.org')
    const [owed, ...others] = await take('link', page)
    expect([owed?.address, others]).toEqual(['anna@example.org', []])
    const { id } = owed!
    await linkDone(sql(), id, start)
    expect(await canConfirm(sql(), { id, page, now: start + pendingMs - 1 })).toBe(true)
    expect(await canConfirm(sql(), { id, page, now: start + pendingMs })).toBe(false)
    expect(await canConfirm(sql(), { id, page: '/status/other', now: start })).toBe(false)
    expect(await confirmSubscriber(sql(), { id, page, now: start + pendingMs })).toBe(false)
    await forgetPending(sql(), start + pendingMs - 1)
    expect(await addresses(page)).toEqual(['anna@example.org'])
    await forgetPending(sql(), start + pendingMs)
    expect(await addresses(page)).toEqual([])
  })

  it('may ask for another link after ten minutes, and only so often on a day, whatever the page', async () => {
    const page = newPage()
    const links = async (now: number): Promise<number> => {
      await ask(page, 'often@example.org', now)
      const owed = await take('link', page, now)
      for (const { id } of owed) await linkDone(sql(), id, now)
      return owed.length
    }
    expect(await links(start)).toBe(1)
    expect(await links(start + 9 * minute)).toBe(0)
    expect(await links(start + 11 * minute)).toBe(1)
    expect(await links(start + 22 * minute)).toBe(1)
    expect(await links(start + 33 * minute)).toBe(0)
    await ask(newPage(), 'often@example.org', start + 44 * minute)
    expect(await listSubscribers(sql(), { address: 'often@example.org' })).toHaveLength(1)
  })

  it('are as many as there may be: of those who have not confirmed, of those who have, and within an hour', async () => {
    const full = newPage()
    await ask(full, 'a@example.org', start, { ...roomy, pending: 1 })
    await ask(full, 'b@example.org', start, { ...roomy, pending: 1 })
    expect(await addresses(full)).toEqual(['a@example.org'])
    await ask(full, 'b@example.org', start, { ...roomy, hourly: 1 })
    expect(await addresses(full)).toEqual(['a@example.org'])
    await ask(full, 'b@example.org', start + hour, { ...roomy, hourly: 1 })
    expect(await addresses(full)).toEqual(['a@example.org', 'b@example.org'])
    const [one, other] = await take('link', full, start + hour)
    const limits = { ...roomy, confirmed: 1 }
    const confirm = (id: string): Promise<boolean> =>
      confirmSubscriber(sql(), { id, page: full, now: start + hour }, limits)
    expect(await confirm(one!.id)).toBe(true)
    expect(await confirm(other!.id)).toBe(false)
    // Once more is fine, full or not.
    expect(await confirm(one!.id)).toBe(true)
    await ask(full, 'c@example.org', start + 3 * hour, limits)
    expect(await addresses(full)).toHaveLength(2)
  })

  it('who have confirmed are not changed by somebody who enters their address', async () => {
    const page = newPage()
    await subscriber(page, 'c@example.org')
    await ask(page, 'c@example.org', start + hour)
    expect(await take('link', page, start + hour)).toEqual([])
    expect(await addresses(page)).toEqual(['c@example.org confirmed'])
  })

  it('get what is new after they have confirmed, gathered, and then what comes in ten minutes', async () => {
    const page = newPage()
    expect(await news(page, start, 'archive')).toBe(2)
    await news(page, start + minute, 'before')
    const id = await subscriber(page, 'd@example.org', start + 2 * minute)
    const first = start + 3 * minute
    await news(page, first, 'one')
    await news(page, first, 'one')
    expect(await take('news', page, first + gatherMs - 1)).toEqual([])
    await news(page, first + gatherMs - 1, 'two')
    const at = first + gatherMs
    const [owed] = await take('news', page, at)
    expect(owed).toMatchObject({ id, address: 'd@example.org', attempts: 1 })
    const found = await readNews(sql(), { page, after: owed!.sentUpTo, until: at - gatherMs })
    expect(found.map((one) => one.news)).toEqual([{ about: 'one' }])
    await newsDone(sql(), id, found[0]!.id, at)
    expect(await take('news', page, at + digestMs - 1)).toEqual([])
    const [next] = await take('news', page, at + digestMs)
    const later = await readNews(sql(), { page, after: next!.sentUpTo, until: at + digestMs })
    expect(later.map((one) => one.news)).toEqual([{ about: 'two' }])
  })

  it('a mail is taken by one process, and again after a while where it was not sent, each time later', async () => {
    const page = newPage()
    for (const name of ['e', 'f', 'g']) await ask(page, `${name}@example.org`)
    const [one, other] = await Promise.all([take('link', page, start, 2), take('link', page, start, 2)])
    expect(new Set([...one, ...other].map(({ address }) => address)).size).toBe(3)
    expect(one.length + other.length).toBe(3)
    expect(await take('link', page, start + minute - 1)).toEqual([])
    expect((await take('link', page, start + minute)).map(({ attempts }) => attempts)).toEqual([2, 2, 2])
    expect(await take('link', page, start + 2 * minute)).toEqual([])
    expect(await take('link', page, start + 3 * minute)).toHaveLength(3)
  })

  it('are forgotten when they want to be, and are listed and removed by page and address', async () => {
    const [page, other] = [newPage(), newPage()]
    const id = await subscriber(page, 'h@example.org')
    await subscriber(other, 'h@example.org')
    await unsubscribe(sql(), { id, page: other })
    expect(await addresses(page)).toEqual(['h@example.org confirmed'])
    await unsubscribe(sql(), { id, page })
    await unsubscribe(sql(), { id, page })
    expect(await addresses(page)).toEqual([])
    expect(await canConfirm(sql(), { id, page, now: start })).toBe(false)
    expect(await removeSubscribers(sql(), { address: 'H@example.org' })).toEqual([
      { page: other, address: 'h@example.org', askedAt: new Date(start), confirmedAt: new Date(start) },
    ])
    expect(await listSubscribers(sql(), { address: 'h@example.org' })).toEqual([])
  })

  it('news are forgotten after half a year, but not that the page was looked at', async () => {
    const page = newPage()
    await news(page, start, 'old')
    await forgetNews(sql(), start + 181 * 24 * hour)
    expect(await news(page, start, 'old')).toBe(1)
  })

  it('an outage begins and ends once, and is that of the location that has seen it first', async () => {
    const page = newPage()
    const note = async (location: string, down: readonly string[], up: readonly string[], now = start) => {
      const { begun, ended } = await noteOutages(sql(), {
        page,
        location,
        down: down.map((target) => ({ target, since: new Date(now - minute) })),
        up,
        shown: ['shop', 'api'],
        now,
      })
      return [...begun.map(({ target }) => `${target} down`), ...ended.map(({ target }) => `${target} up`)]
    }
    expect(await note('here', ['shop'], ['api'])).toEqual(['shop down'])
    expect(await note('here', ['shop'], ['api'], start + minute)).toEqual([])
    expect(await note('there', ['shop'], ['api'], start + minute)).toEqual([])
    expect(await note('there', [], ['shop', 'api'], start + minute)).toEqual([])
    // Neither is certain after a restart.
    expect(await note('here', [], [], start + 2 * minute)).toEqual([])
    expect(await note('here', [], ['shop'], start + 3 * minute)).toEqual(['shop up'])
    expect(await note('here', ['shop', 'api'], [], start + 4 * minute)).toEqual(['shop down', 'api down'])
    // A location that is gone keeps no outage open.
    expect(await note('there', [], ['shop'], start + 2 * hour)).toEqual(['shop up'])
  })

  it('processes share their secret', async () => {
    expect(await sharedSecret(sql(), 'test', 'first')).toBe('first')
    expect(await sharedSecret(sql(), 'test', 'second')).toBe('first')
  })
})
