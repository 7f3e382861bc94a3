import { beforeEach, describe, expect, it } from 'vitest'
import type { Repeat } from '../../../src/config/notify/repeat.ts'
import { anAlert, resolved } from '../../support/alerts/alerts.ts'
import {
  exponential,
  notifyingRig,
  refuse,
  shop,
  start,
  type NotifyingRig,
} from '../../support/alerts/dispatcher.ts'

let rig: NotifyingRig

beforeEach(() => {
  rig = notifyingRig()
})

describe('notifications of an alert', () => {
  it('follow the exponential cadence on their own clock, and end with the alert', async () => {
    await rig.notifying.accept([shop])
    await rig.time.pass(600)
    await rig.notifying.accept([resolved(shop, new Date(Date.parse(start) + 600_000))])
    await rig.time.pass(600)
    expect(rig.told).toEqual([
      '0 chat shop firing #1 F3',
      '37.5 chat shop firing #2 F4',
      '97.5 chat shop firing #3 F6',
      '217.5 chat shop firing #4 F10',
      '457.5 chat shop firing #5 F18',
      '600 chat shop resolved #5 F22',
    ])
  })

  it('are not repeated because Alertmanager repeats itself, nor at a restart', async () => {
    rig.plans = [{ channel: 'chat', repeat: { kind: 'once' } }]
    await rig.notifying.accept([shop])
    await rig.time.pass(1)
    await rig.notifying.accept([shop])
    await rig.restart()
    await rig.notifying.accept([shop])
    await rig.time.pass(3600)
    await rig.notifying.accept([resolved(shop)])
    await rig.notifying.accept([resolved(shop)])
    await rig.time.pass(3600)
    expect(rig.told.map((line) => line.split(' ')[3])).toEqual(['firing', 'resolved'])
  })

  it('go on after a restart where they were', async () => {
    await rig.notifying.accept([shop])
    await rig.time.pass(100)
    await rig.restart()
    await rig.time.pass(500)
    expect(rig.told.map((line) => line.split(' ')[0])).toEqual(['0', '37.5', '97.5', '217.5', '457.5'])
  })

  it('wait for the end of quiet hours, and are not made where the alert ends before', async () => {
    const quietHours = { from: 11 * 60, to: 12 * 60 + 10, timezone: 'UTC', except: ['info'] }
    rig.plans = [{ channel: 'chat', repeat: { kind: 'once' }, quietHours }]
    const blog = { ...shop, fingerprint: 'blog' }
    await rig.notifying.accept([shop, blog])
    await rig.notifying.accept([anAlert({ ...shop, fingerprint: 'info', labels: { severity: 'info' } })])
    await rig.time.pass(300)
    await rig.notifying.accept([resolved(blog)])
    await rig.time.pass(900)
    expect(rig.told.map((line) => line.split(' ').slice(0, 4).join(' '))).toEqual([
      '0 chat info firing',
      '600 chat shop firing',
    ])
  })

  it('are not repeated while the alert may have ended, but begin', async () => {
    rig.inDoubt = true
    await rig.notifying.accept([shop])
    await rig.time.pass(600)
    rig.inDoubt = false
    await rig.time.pass(60)
    expect(rig.told.map((line) => line.split(' ').slice(0, 5).join(' '))).toEqual([
      '0 chat shop firing #1',
      '660 chat shop firing #2',
    ])
  })

  it('end only where they were begun', async () => {
    rig.answers = [refuse(false)]
    await rig.notifying.accept([shop])
    await rig.time.pass(1)
    await rig.notifying.accept([resolved(shop)])
    await rig.time.pass(60)
    expect(rig.told).toEqual([])
    expect(rig.events).toEqual(['gave up: no'])
    expect(rig.notifying.undelivered().map(({ error }) => error)).toEqual(['no'])
  })

  it('are tried again, the end after the beginning, when the other side is back', async () => {
    rig.answers = [refuse(true), refuse(true), refuse(true, 100)]
    await rig.notifying.accept([shop])
    await rig.time.pass(1)
    await rig.notifying.accept([resolved(shop)])
    await rig.time.pass(200)
    expect(rig.told.map((line) => line.split(' ')[3])).toEqual(['firing', 'resolved'])
    expect(Number(rig.told[0]?.split(' ')[0])).toBeGreaterThanOrEqual(100)
    expect(rig.events).toEqual(['retried', 'retried', 'retried'])
  })

  it.each<[string, Repeat, string[]]>([
    ['every 50 s', { kind: 'every', seconds: 50 }, ['97', '147', '197', '247']],
    ['every check', { kind: 'checks', checks: 1 }, ['97', '127.5', '157.5', '187.5', '217.5', '247.5']],
    ['exponentially', { kind: 'exponential' }, ['97', '217.5']],
  ])('that arrive late are repeated from their arrival: %s', async (_how, repeat, expected) => {
    rig.plans = [{ channel: 'chat', repeat }]
    rig.answers = [refuse(true, 97)]
    await rig.notifying.accept([shop])
    await rig.time.pass(250)
    expect(rig.told.map((line) => line.split(' ')[0])).toEqual(expected)
  })

  it('end nowhere where the beginning is given up while the end waits', async () => {
    rig.answers = [refuse(true), refuse(false)]
    await rig.notifying.accept([shop])
    await rig.time.pass(0.1)
    await rig.notifying.accept([resolved(shop)])
    expect(rig.notifying.pending()).toHaveLength(2)
    await rig.time.pass(60)
    expect(rig.told).toEqual([])
    expect(rig.notifying.pending()).toEqual([])
    expect(rig.notifying.undelivered().map(({ notification }) => notification.status)).toEqual(['firing'])
  })

  it('do not end before a beginning has arrived that is on its way', async () => {
    let arrive = (): void => undefined
    rig.answers = [
      () =>
        new Promise((resolve) => {
          arrive = resolve
        }),
    ]
    await rig.notifying.accept([shop])
    await rig.time.pass(1)
    await rig.notifying.accept([resolved(shop)])
    await rig.time.pass(5)
    expect(rig.told).toEqual([])
    arrive()
    await rig.time.pass(1)
    expect(rig.told.map((line) => line.split(' ')[3])).toEqual(['firing', 'resolved'])
  })

  it('are given up after the time that is allowed, and kept', async () => {
    rig.answers = Array.from({ length: 200 }, () => refuse(true))
    rig.plans = [{ channel: 'chat', repeat: { kind: 'once' } }]
    await rig.notifying.accept([shop])
    await rig.time.pass(4000)
    expect(rig.events.filter((event) => event.startsWith('gave up'))).toEqual([
      expect.stringMatching(/^gave up: no \(\d+ attempts in \d+ s\)$/),
    ])
    await rig.restart()
    expect(rig.notifying.undelivered()).toHaveLength(1)
    await rig.time.pass(1)
    expect(rig.notifying.pending()).toEqual([])
  })

  it('that were under way when the process was killed are made again, and counted', async () => {
    let attempts = 0
    rig.answers = [
      () => {
        attempts++
        return new Promise(() => undefined)
      },
    ]
    await rig.notifying.accept([shop])
    await rig.time.pass(1)
    expect(attempts).toBe(1)
    rig.killed()
    await rig.time.pass(1)
    expect(rig.told).toEqual(['1 chat shop firing #1 F3'])
    expect(rig.events).toEqual(['repeated', 'retried'])
  })

  it('do not hold up the end of the process, and are made again by the next', async () => {
    rig.answers = [() => new Promise(() => undefined)]
    await rig.notifying.accept([shop])
    await rig.time.pass(1)
    const restarted = rig.restart()
    await rig.time.pass(6)
    await restarted
    await rig.time.pass(1)
    expect(rig.told).toEqual(['6.5 chat shop firing #1 F3'])
  })

  it('begin on a channel that is configured while it fires', async () => {
    rig.plans = []
    await rig.notifying.accept([shop])
    await rig.time.pass(10)
    rig.plans = [exponential]
    rig.notifying.decide()
    await rig.time.pass(1)
    expect(rig.told).toEqual(['10 chat shop firing #1 F3'])
  })

  it('start again with a new incident, even if the end of the one before never came', async () => {
    rig.plans = [{ channel: 'chat', repeat: { kind: 'once' } }]
    await rig.notifying.accept([shop])
    await rig.time.pass(60)
    await rig.notifying.accept([{ ...shop, startsAt: new Date(Date.parse(start) + 50_000) }])
    await rig.time.pass(60)
    expect(rig.told).toHaveLength(2)
  })

  it('cease for an alert that nobody speaks of any more', async () => {
    await rig.notifying.accept([shop])
    await rig.time.pass(13 * 3600)
    const before = rig.told.length
    await rig.time.pass(30 * 24 * 3600)
    expect(rig.told).toHaveLength(before)
    await rig.notifying.accept([resolved(shop)])
    await rig.time.pass(60)
    expect(rig.told).toHaveLength(before)
  })
})
