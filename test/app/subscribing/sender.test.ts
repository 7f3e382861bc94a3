import { expect, it } from 'vitest'
import { startSubscriptionSender } from '../../../src/app/subscribing/sender.ts'
import { DeliveryError, type Channel } from '../../../src/channels/channel.ts'
import { askToSubscribe } from '../../../src/history/subscribers/subscribers.ts'
import { onEachDatabase, quiet } from '../../history/support/databases.ts'
import { aPage } from '../../support/public-page.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const now = Date.parse('2026-11-21T12:00:00Z')

onEachDatabase('the mails of pages', (sql) => {
  it('of one whose mail server is dead do not delay those of another', async () => {
    const dead = aPage({ path: '/status/dead' })
    const other = aPage({ path: '/status/other' })
    for (let index = 0; index < 20; index++)
      await askToSubscribe(sql(), { page: dead.path, address: `a${index}@example.org`, now: now - 1000 })
    await askToSubscribe(sql(), { page: other.path, address: 'anna@example.org', now })
    const sent: string[] = []
    let attempts = 0
    const channelOf = ({ path }: { readonly path: string }): Channel => ({
      name: path,
      deliver: () => Promise.resolve(),
      sendMail({ to }) {
        if (path === other.path) sent.push(to)
        else if (++attempts > 0) return Promise.reject(new DeliveryError('no answer', { retry: true }))
        return Promise.resolve()
      },
    })
    let looks = 0
    const sender = startSubscriptionSender({
      sql: sql(),
      isOpen: () => true,
      pages: () => [dead, other],
      watch: () => Promise.resolve(void looks++),
      channelOf,
      placesOf: () => Promise.resolve({ page: 'https://a.example/', link: 'https://a.example/x' }),
      clock: { now: () => now, monotonic: () => 0 },
      // There is one look.
      timers: { after: () => () => undefined },
      log: quiet,
    })
    await waitFor('the look', () => looks === 2)
    await sender.stop()
    expect(sent).toEqual(['anna@example.org'])
    expect(attempts).toBe(3)
  })
})
