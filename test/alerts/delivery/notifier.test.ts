import { beforeEach, describe, expect, it } from '@jest/globals'
import { startNotifying, type Notifying } from '../../../src/alerts/delivery/notifying.ts'
import { DeliveryError, type Notification } from '../../../src/channels/channel.ts'
import type { Plan } from '../../../src/config/notify/routing.ts'
import type { DurableMap } from '../../../src/lib/io/durable-map.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { anAlert, resolved } from '../../support/alerts.ts'
import { memoryMap } from '../../support/memory-map.ts'
import { testTime, type TestTime } from '../../support/timers.ts'

const delivery = { concurrency: 4, perMinute: 6000, giveUpAfter: 3600, maxAttempts: 100 }
const exponential: Plan = { channel: 'chat', repeat: { kind: 'exponential' } }
const start = '2026-11-20T12:00:00Z'

let time: TestTime
let map: DurableMap
let notifying: Notifying
let told: string[]
let plans: Plan[]
/** What the channel says to the next attempts; nothing: it takes them. */
let answers: ((notification: Notification) => Promise<void>)[]
const events: string[] = []

const refuse = (retry: boolean, retryAfterSeconds?: number) => () =>
  Promise.reject(new DeliveryError('no', { retry, retryAfterSeconds }))

function open(): void {
  const { clock, timers } = time
  notifying = startNotifying({
    map,
    clock,
    timers,
    log: createLogger({ destination: { write: () => undefined } }),
    random: () => 1,
    plans: () => plans,
    outlet: (name) => ({
      delivery,
      channel: {
        name,
        async deliver(notification) {
          const answer = answers.shift()
          if (answer) await answer(notification)
          const at = (clock.now() - Date.parse(start)) / 1000
          const counts = `#${notification.alertCount ?? 0} F${notification.failureCount ?? 0}`
          told.push(`${at} ${name} ${notification.fingerprint} ${notification.status} ${counts}`)
        },
      },
    }),
    events: {
      delivered: () => undefined,
      gaveUp: ({ error }) => events.push(`gave up: ${error}`),
      retried: () => events.push('retried'),
      repeated: () => events.push('repeated'),
    },
  })
}

async function restart(): Promise<void> {
  await notifying.stop()
  open()
}

/** As a killed process: nothing is closed, another one reads what is on the disk. */
const killed = open

beforeEach(() => {
  map = memoryMap()
  time = testTime(start)
  told = []
  answers = []
  plans = [exponential]
  events.length = 0
  open()
})

const shop = anAlert({
  fingerprint: 'shop',
  annotations: { summary: 'down', interval: '30', failing_since: String(Date.parse(start) / 1000 - 90) },
})

describe('notifications of an alert', () => {
  it('follow the exponential cadence on their own clock, and end with the alert', async () => {
    await notifying.accept([shop])
    await time.pass(600)
    await notifying.accept([resolved(shop, new Date(Date.parse(start) + 600_000))])
    await time.pass(600)
    expect(told).toEqual([
      '0 chat shop firing #1 F3',
      '37.5 chat shop firing #2 F4',
      '97.5 chat shop firing #3 F6',
      '217.5 chat shop firing #4 F10',
      '457.5 chat shop firing #5 F18',
      '600 chat shop resolved #5 F22',
    ])
  })

  it('are not repeated because Alertmanager repeats itself, nor at a restart', async () => {
    plans = [{ channel: 'chat', repeat: { kind: 'once' } }]
    await notifying.accept([shop])
    await time.pass(1)
    await notifying.accept([shop])
    await restart()
    await notifying.accept([shop])
    await time.pass(3600)
    await notifying.accept([resolved(shop)])
    await notifying.accept([resolved(shop)])
    await time.pass(3600)
    expect(told.map((line) => line.split(' ')[3])).toEqual(['firing', 'resolved'])
  })

  it('go on after a restart where they were', async () => {
    await notifying.accept([shop])
    await time.pass(100)
    await restart()
    await time.pass(500)
    expect(told.map((line) => line.split(' ')[0])).toEqual(['0', '37.5', '97.5', '217.5', '457.5'])
  })

  it('wait for the end of quiet hours, and are not made where the alert ends before', async () => {
    const quietHours = { from: 11 * 60, to: 12 * 60 + 10, timezone: 'UTC', except: ['info'] }
    plans = [{ channel: 'chat', repeat: { kind: 'once' }, quietHours }]
    const blog = { ...shop, fingerprint: 'blog' }
    await notifying.accept([shop, blog])
    await notifying.accept([anAlert({ ...shop, fingerprint: 'info', labels: { severity: 'info' } })])
    await time.pass(300)
    await notifying.accept([resolved(blog)])
    await time.pass(900)
    expect(told.map((line) => line.split(' ').slice(0, 4).join(' '))).toEqual([
      '0 chat info firing',
      '600 chat shop firing',
    ])
  })

  it('end only where they were begun', async () => {
    answers = [refuse(false)]
    await notifying.accept([shop])
    await time.pass(1)
    await notifying.accept([resolved(shop)])
    await time.pass(60)
    expect(told).toEqual([])
    expect(events).toEqual(['gave up: no'])
    expect(notifying.undelivered().map(({ error }) => error)).toEqual(['no'])
  })

  it('are tried again, the end after the beginning, when the other side is back', async () => {
    answers = [refuse(true), refuse(true), refuse(true, 100)]
    await notifying.accept([shop])
    await time.pass(1)
    await notifying.accept([resolved(shop)])
    await time.pass(200)
    expect(told.map((line) => line.split(' ')[3])).toEqual(['firing', 'resolved'])
    expect(Number(told[0]?.split(' ')[0])).toBeGreaterThanOrEqual(100)
    expect(events).toEqual(['retried', 'retried', 'retried'])
  })

  it('end nowhere where the beginning is given up while the end waits', async () => {
    answers = [refuse(true), refuse(false)]
    await notifying.accept([shop])
    await time.pass(0.1)
    await notifying.accept([resolved(shop)])
    expect(notifying.pending()).toHaveLength(2)
    await time.pass(60)
    expect(told).toEqual([])
    expect(notifying.pending()).toEqual([])
    expect(notifying.undelivered().map(({ notification }) => notification.status)).toEqual(['firing'])
  })

  it('do not end before a beginning has arrived that is on its way', async () => {
    let arrive = (): void => undefined
    answers = [
      () =>
        new Promise((resolve) => {
          arrive = resolve
        }),
    ]
    await notifying.accept([shop])
    await time.pass(1)
    await notifying.accept([resolved(shop)])
    await time.pass(5)
    expect(told).toEqual([])
    arrive()
    await time.pass(1)
    expect(told.map((line) => line.split(' ')[3])).toEqual(['firing', 'resolved'])
  })

  it('are given up after the time that is allowed, and kept', async () => {
    answers = Array.from({ length: 200 }, () => refuse(true))
    plans = [{ channel: 'chat', repeat: { kind: 'once' } }]
    await notifying.accept([shop])
    await time.pass(4000)
    expect(events.at(-1)).toMatch(/^gave up: no \(\d+ attempts in \d+ s\)$/)
    await restart()
    expect(notifying.undelivered()).toHaveLength(1)
    expect(notifying.pending()).toEqual([])
  })

  it('that were under way when the process was killed are made again, and counted', async () => {
    let attempts = 0
    answers = [
      () => {
        attempts++
        return new Promise(() => undefined)
      },
    ]
    await notifying.accept([shop])
    await time.pass(1)
    expect(attempts).toBe(1)
    killed()
    await time.pass(1)
    expect(told).toEqual(['1 chat shop firing #1 F3'])
    expect(events).toEqual(['repeated', 'retried'])
  })

  it('begin on a channel that is configured while it fires', async () => {
    plans = []
    await notifying.accept([shop])
    await time.pass(10)
    plans = [exponential]
    notifying.decide()
    await time.pass(1)
    expect(told).toEqual(['10 chat shop firing #1 F3'])
  })

  it('begin anew with a new incident, though its predecessor’s end never came', async () => {
    plans = [{ channel: 'chat', repeat: { kind: 'once' } }]
    await notifying.accept([shop])
    await time.pass(60)
    await notifying.accept([{ ...shop, startsAt: new Date(Date.parse(start) + 50_000) }])
    await time.pass(60)
    expect(told).toHaveLength(2)
  })

  it('cease for an alert that nobody speaks of any more', async () => {
    await notifying.accept([shop])
    await time.pass(13 * 3600)
    const before = told.length
    await time.pass(30 * 24 * 3600)
    expect(told).toHaveLength(before)
    await notifying.accept([resolved(shop)])
    await time.pass(60)
    expect(told).toHaveLength(before)
  })
})
