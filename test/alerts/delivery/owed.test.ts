import { beforeEach, describe, expect, it } from 'vitest'
import { anAlert, resolved } from '../../support/alerts/alerts.ts'
import { notifyingRig, refuse, shop, start, type NotifyingRig } from '../../support/alerts/dispatcher.ts'

let rig: NotifyingRig
/** What the channel says while it is away; nothing: it is back. */
let away: ReturnType<typeof refuse> | undefined

const blog = anAlert({ ...shop, fingerprint: 'blog' })
const endOfShop = resolved(shop, new Date(Date.parse(start) + 600_000))
const news = (): string[] => rig.told.map((line) => line.split(' ').slice(2, 4).join(' '))
const shown = (): string[] =>
  rig.notifying.undelivered().map(({ notification }) => `${notification.fingerprint} ${notification.status}`)

beforeEach(() => {
  rig = notifyingRig()
  rig.plans = [{ channel: 'chat', repeat: { kind: 'once' } }]
  rig.giveUpAfter = 5
  rig.always = () => away?.()
  away = refuse(true)
})

describe('what was given up', () => {
  it('arrives when the channel is back, while it is true, and so does its end', async () => {
    await rig.notifying.accept([shop])
    await rig.time.pass(12)
    expect(rig.events.filter((event) => event.startsWith('gave up'))).toHaveLength(1)
    expect(shown()).toEqual(['shop firing'])
    away = undefined
    await rig.time.pass(20)
    expect(news()).toEqual(['shop firing'])
    expect(shown()).toEqual([])
    await rig.notifying.accept([endOfShop])
    await rig.time.pass(20)
    expect(news()).toEqual(['shop firing', 'shop resolved'])
  })

  it('is tried again at least every 5 minutes, counted once, and shown until it arrives', async () => {
    await rig.notifying.accept([shop])
    await rig.time.pass(3 * 3600)
    expect(rig.events.filter((event) => event.startsWith('gave up'))).toHaveLength(1)
    expect(shown()).toEqual(['shop firing'])
    expect(rig.notifying.undelivered()[0]!.attempts).toBeLessThan(60)
    away = undefined
    await rig.time.pass(300)
    expect(news()).toEqual(['shop firing'])
  })

  it('is said in the words of the moment it arrives at', async () => {
    await rig.notifying.accept([shop])
    await rig.time.pass(60)
    away = undefined
    await rig.time.pass(300)
    const [at, , , , , failures] = rig.told[0]!.split(' ')
    expect(failures).toBe(`F${3 + Math.floor(Number(at) / 30)}`)
  })

  it('does not arrive once it has ended, and neither does its end', async () => {
    await rig.notifying.accept([shop])
    await rig.time.pass(60)
    await rig.notifying.accept([endOfShop])
    away = undefined
    await rig.time.pass(3600)
    expect(rig.told).toEqual([])
    expect(shown()).toEqual(['shop firing'])
  })

  it('is sent at once when anything else arrives on the channel', async () => {
    await rig.notifying.accept([shop])
    await rig.time.pass(3600)
    away = undefined
    await rig.notifying.accept([blog])
    await rig.time.pass(1)
    expect(news().sort()).toEqual(['blog firing', 'shop firing'])
  })

  it('is an end that waits until the alert fires again', async () => {
    away = undefined
    await rig.notifying.accept([shop, blog])
    await rig.time.pass(1)
    away = refuse(true)
    await rig.notifying.accept([endOfShop, resolved(blog)])
    await rig.time.pass(60)
    expect(shown().sort()).toEqual(['blog resolved', 'shop resolved'])
    await rig.notifying.accept([anAlert({ ...blog, startsAt: new Date(rig.time.clock.now()) })])
    away = undefined
    await rig.time.pass(300)
    expect(news().slice(2).sort()).toEqual(['blog firing', 'shop resolved'])
  })

  it('waits for one attempt at a time while the channel is away, whatever else is owed', async () => {
    const many = Array.from({ length: 50 }, (_, n) => anAlert({ ...shop, fingerprint: `n${n}` }))
    await rig.notifying.accept(many)
    // Until all are given up: a channel that is away is tried every 30 s.
    await rig.time.pass(2 * 3600)
    const before = attempts()
    await rig.time.pass(3600)
    expect(attempts() - before).toBeLessThan(20)
    away = undefined
    await rig.time.pass(300)
    expect(new Set(news()).size).toBe(50)
  })

  it('is still owed after a restart', async () => {
    await rig.notifying.accept([shop])
    await rig.time.pass(60)
    await rig.restart()
    expect(shown()).toEqual(['shop firing'])
    away = undefined
    await rig.time.pass(300)
    expect(news()).toEqual(['shop firing'])
    await rig.notifying.accept([endOfShop])
    await rig.time.pass(1)
    expect(news()).toEqual(['shop firing', 'shop resolved'])
  })

  it('waits for the end of quiet hours', async () => {
    await rig.notifying.accept([shop])
    await rig.time.pass(60)
    const quietHours = { from: 11 * 60, to: 12 * 60 + 30, timezone: 'UTC', except: [] }
    rig.plans = [{ channel: 'chat', repeat: { kind: 'once' }, quietHours }]
    away = undefined
    await rig.time.pass(1700)
    expect(rig.told).toEqual([])
    await rig.time.pass(160)
    expect(news()).toEqual(['shop firing'])
  })

  it('for good is tried again only when the settings have changed', async () => {
    away = refuse(false)
    await rig.notifying.accept([shop])
    await rig.time.pass(1)
    away = undefined
    await rig.notifying.accept([blog])
    await rig.time.pass(3600)
    expect(news()).toEqual(['blog firing'])
    rig.notifying.decide()
    await rig.time.pass(1)
    expect(news()).toEqual(['blog firing', 'shop firing'])
  })
})

const attempts = (): number =>
  rig.notifying.undelivered().reduce((sum, delivery) => sum + delivery.attempts, 0)
