import { describe, expect, it } from 'vitest'
import { sentReports, type SentReports } from '../../../../src/app/report/sending/book.ts'
import { startReports, type ReportSenderOptions } from '../../../../src/app/report/sending/sender.ts'
import { DeliveryError, type Channel, type ReportMessage } from '../../../../src/channels/channel.ts'
import type { ReportDefinition } from '../../../../src/config/notify/notify.ts'
import { createLogger } from '../../../../src/lib/logger.ts'
import { memoryMap, type MemoryMap } from '../../../support/memory-map.ts'
import { testTime, type TestTime } from '../../../support/time/timers.ts'

const weekly: ReportDefinition = {
  name: 'weekly',
  when: 'weekly',
  timezone: 'UTC',
  matchers: [],
  channels: ['mail'],
}

const sunday = '2026-11-22T12:00:00Z'
const day = 86_400

/** Lets a longer time pass, at whose end somebody looks. */
async function later({ clock, pass }: TestTime, seconds: number): Promise<void> {
  clock.advance(seconds)
  await pass(60)
}
const delivery = { concurrency: 1, perMinute: 60, giveUpAfter: 3600, maxAttempts: 3 }

interface Rig {
  readonly time: TestTime
  readonly book: SentReports
  /** `weekly 2026-W47 > ops`. */
  readonly sent: string[]
  readonly made: string[]
  readonly logged: string[]
  readonly start: () => { readonly stop: () => Promise<void> }
}

/** A process that has the report, from Sunday, 22 November 2026, 12:00 on: the next one is due 18 hours later. */
function rig(
  map: MemoryMap,
  of: Partial<ReportSenderOptions> & {
    readonly time?: TestTime
    readonly sent?: string[]
    /** What an attempt fails with, by its number from 1. */
    readonly fails?: (attempt: number, recipient: string | undefined) => Error | undefined
  } = {},
): Rig {
  const { time = testTime(sunday), sent = [], fails = () => undefined, ...overrides } = of
  const book = sentReports(map)
  const made: string[] = []
  const logged: string[] = []
  let attempts = 0
  const channel: Channel = {
    name: 'mail',
    recipients: ['ops', 'boss'],
    deliver: () => Promise.resolve(),
    sendReport(report: ReportMessage, _signal, recipient) {
      const failure = fails(++attempts, recipient)
      if (failure !== undefined) return Promise.reject(failure)
      sent.push(`${report.id} > ${recipient ?? ''}`)
      return Promise.resolve()
    },
  }
  const options: ReportSenderOptions = {
    reports: () => [weekly],
    openChannel: (name) => (name === 'mail' ? { channel, delivery } : undefined),
    makeMail(_report, period) {
      made.push(period.name)
      return Promise.resolve({ subject: 's', text: 't', html: '<body></body>', pictures: [], report: {} })
    },
    write: () => Promise.resolve(),
    book,
    mayHead: () => true,
    externalUrl: undefined,
    clock: time.clock,
    timers: time.timers,
    log: createLogger({ destination: { write: (line: string) => logged.push(line) } }),
    random: () => 1,
    ...overrides,
  }
  return { time, book, sent, made, logged, start: () => startReports(options) }
}

const both = (period: string): string[] => [`weekly ${period} > ops`, `weekly ${period} > boss`]

describe('a report that comes by itself', () => {
  it('is sent to everybody once for each period, when it is due', async () => {
    const { time, sent, start } = rig(memoryMap())
    const { stop } = start()
    await time.pass(18 * 3600 - 1)
    expect(sent).toEqual([])
    await time.pass(60)
    expect(sent).toEqual(both('2026-W47'))
    await later(time, 7 * day)
    expect(sent).toEqual([...both('2026-W47'), ...both('2026-W48')])
    await stop()
  })

  it('is sent at the start if it was due while the process was away, once', async () => {
    const map = memoryMap()
    const first = rig(map)
    const { stop } = first.start()
    await first.time.pass(60)
    await stop()
    first.time.clock.advance(4 * day)
    const second = rig(map.afterKill(), { time: first.time })
    const again = second.start()
    await second.time.pass(0)
    expect(second.sent).toEqual(both('2026-W47'))
    await second.time.pass(3600)
    expect(second.sent).toHaveLength(2)
    await again.stop()
  })

  it('is not sent again by the process that follows one that was killed', async () => {
    const map = memoryMap()
    const first = rig(map)
    first.start()
    await later(first.time, day)
    expect(first.sent).toEqual(both('2026-W47'))
    const second = rig(map.afterKill(), { time: first.time })
    second.start()
    await second.time.pass(3600)
    expect(second.sent).toEqual([])
  })

  it('goes on with those whom a process that was killed had not reached', async () => {
    const map = memoryMap()
    const away = new DeliveryError('away', { retry: true })
    const first = rig(map, { fails: (_attempt, whom) => (whom === 'boss' ? away : undefined) })
    first.start()
    first.time.clock.advance(18 * 3600)
    await first.time.pass(0)
    expect(first.sent).toEqual(['weekly 2026-W47 > ops'])
    const second = rig(map.afterKill(), { time: first.time })
    second.start()
    await second.time.pass(0)
    expect(second.sent).toEqual(['weekly 2026-W47 > boss'])
  })

  it('waits for a database that is away, and is lost neither then nor with the week after', async () => {
    let isAway = true
    const { time, sent, logged, start } = rig(memoryMap(), {
      makeMail: () =>
        isAway
          ? Promise.reject(new Error('connect ECONNREFUSED'))
          : Promise.resolve({ subject: 's', text: 't', html: '', pictures: [], report: {} }),
    })
    start()
    await later(time, day)
    await later(time, 7 * day)
    expect(sent).toEqual([])
    expect(logged.filter((line) => line.includes('cannot be made yet'))).toHaveLength(1)
    isAway = false
    await time.pass(60)
    expect(sent).toEqual([...both('2026-W47'), ...both('2026-W48')])
  })

  it('is tried again like a notification, and given up with a word in the log', async () => {
    const { time, sent, logged, start } = rig(memoryMap(), {
      fails: (attempt) => (attempt <= 2 ? new DeliveryError('busy', { retry: true }) : undefined),
    })
    start()
    await later(time, day)
    expect(sent).toEqual(both('2026-W47'))
    const refused = rig(memoryMap(), { fails: () => new DeliveryError('no such user', { retry: false }) })
    refused.start()
    await later(refused.time, day)
    expect(refused.sent).toEqual([])
    expect(refused.made).toEqual(['2026-W47'])
    expect(
      refused.logged.filter((line) => line.includes('a report was not sent: no such user')),
    ).toHaveLength(2)
    expect(logged.filter((line) => line.includes('not sent yet: busy'))).toHaveLength(2)
  })

  it('is written to a folder, too, and its channel may be left out', async () => {
    const written: string[] = []
    const { time, logged, start } = rig(memoryMap(), {
      reports: () => [{ ...weekly, channels: ['gone'], folder: '/reports' }],
      write: ({ id }, folder) => {
        written.push(`${id} > ${folder}`)
        return Promise.resolve()
      },
    })
    start()
    await later(time, 2 * day)
    expect(written).toEqual(['weekly 2026-W47 > /reports'])
    expect(logged.join('')).toContain('the channel is left out of notify.yml')
  })

  it('of many that were missed, the newest five are sent', async () => {
    const map = memoryMap()
    const { time, made, start } = rig(map)
    const { stop } = start()
    await time.pass(0)
    await stop()
    const second = rig(map.afterKill(), { time })
    time.clock.advance(60 * day)
    second.start()
    await time.pass(0)
    expect(made).toEqual([])
    expect(second.made).toEqual(['2026-W51', '2026-W52', '2026-W53', '2027-W01', '2027-W02'])
  })

  it('that is removed and written again begins anew', async () => {
    let reports = [weekly]
    const { time, sent, book, start } = rig(memoryMap(), { reports: () => reports })
    start()
    await time.pass(60)
    expect(book.upTo('weekly')).toBeDefined()
    reports = []
    await later(time, 2 * day)
    expect(book.upTo('weekly')).toBeUndefined()
    reports = [{ ...weekly }]
    await later(time, day)
    expect(sent).toEqual([])
  })
})

describe('two peers', () => {
  it('send it once: the one that leads, and the other one when it is gone', async () => {
    const time = testTime(sunday)
    const sent: string[] = []
    let leader = 'a'
    const a = rig(memoryMap(), { time, sent, mayHead: () => leader === 'a' })
    const b = rig(memoryMap(), { time, sent, mayHead: () => leader === 'b' })
    a.start()
    b.start()
    await later(time, day)
    b.book.heard(a.book.sent())
    expect(sent).toEqual(both('2026-W47'))
    leader = 'b'
    await later(time, day)
    expect(sent).toEqual(both('2026-W47'))
    await later(time, 7 * day)
    expect(sent).toEqual([...both('2026-W47'), ...both('2026-W48')])
    a.book.heard(b.book.sent())
    leader = 'a'
    await later(time, day)
    expect(sent).toHaveLength(4)
  })
})
