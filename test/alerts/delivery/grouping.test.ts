import { beforeEach, describe, expect, it } from 'vitest'
import type { Alert } from '../../../src/alerts/alert.ts'
import { DeliveryError, type Notification } from '../../../src/channels/channel.ts'
import { anAlert, resolved } from '../../support/alerts/alerts.ts'
import { notifyingRig, refuse, start, type NotifyingRig } from '../../support/alerts/dispatcher.ts'

let rig: NotifyingRig

beforeEach(() => {
  rig = notifyingRig()
  rig.plans = [{ channel: 'chat', repeat: { kind: 'once' } }]
  rig.group = { by: ['alertname', 'vendor'], wait: 5, interval: 60 }
})

function down(target: string, labels: Record<string, string> = {}): Alert {
  return anAlert({
    fingerprint: target,
    labels: { alertname: 'TargetDown', target, severity: 'critical', ...labels },
    annotations: { summary: `${target} is down` },
  })
}

const many = (count: number, labels?: (index: number) => Record<string, string>): Alert[] =>
  Array.from({ length: count }, (_, index) => down(`t${index}`, labels?.(index)))
const end = (alert: Alert): Alert => resolved(alert, new Date(Date.parse(start) + 600_000))
const alertsIn = ({ others = [], ...first }: Notification): string[] =>
  [first, ...others].map(({ target, status }) => `${target} ${status}`)
const sizes = (): number[] => rig.messages.map((message) => alertsIn(message).length)

describe('alerts of one group', () => {
  it('become one message, after they have waited for each other', async () => {
    for (const alert of many(40)) await rig.notifying.accept([alert])
    await rig.time.pass(4)
    expect(rig.messages).toEqual([])
    await rig.time.pass(2)
    expect(sizes()).toEqual([40])
    await rig.time.pass(600)
    expect(sizes()).toEqual([40])
  })

  it('that follow within the interval wait for its end', async () => {
    await rig.notifying.accept([down('a')])
    await rig.time.pass(10)
    await rig.notifying.accept([down('b')])
    await rig.time.pass(10)
    await rig.notifying.accept([down('c'), end(down('a'))])
    await rig.time.pass(44)
    expect(rig.messages.map(alertsIn)).toEqual([['a firing']])
    await rig.time.pass(2)
    expect(rig.messages.map(alertsIn)).toEqual([['a firing'], ['b firing', 'c firing', 'a resolved']])
  })

  it('are told by their newest state alone, and the last word is always said', async () => {
    const alert = down('a')
    await rig.notifying.accept([alert])
    await rig.time.pass(10)
    for (let flap = 1; flap <= 10; flap++) {
      await rig.notifying.accept([end(alert)])
      await rig.time.pass(2)
      await rig.notifying.accept([{ ...alert, startsAt: new Date(alert.startsAt.getTime() + flap * 4000) }])
      await rig.time.pass(2)
    }
    await rig.notifying.accept([end(alert)])
    await rig.time.pass(120)
    expect(rig.messages.length).toBeLessThanOrEqual(3)
    expect(alertsIn(rig.messages.at(-1)!)).toEqual(['a resolved'])
  })

  it('are all tried again when the message is refused, and given up one by one', async () => {
    rig.answers = [refuse(true)]
    await rig.notifying.accept(many(3))
    await rig.time.pass(60)
    expect(sizes()).toEqual([3])
    rig.answers = [refuse(false)]
    await rig.notifying.accept(many(5).slice(3))
    await rig.time.pass(65)
    expect(rig.events.filter((event) => event.startsWith('gave up'))).toHaveLength(2)
  })

  it('are sent one by one when the message is refused for what one of them says, which alone is given up', async () => {
    const bad = ({ target }: Notification): boolean => target === 't1'
    rig.always = (notification) =>
      [notification, ...(notification.others ?? [])].some(bad)
        ? Promise.reject(new DeliveryError('no', { retry: false, maybeTooLong: true }))
        : undefined
    await rig.notifying.accept(many(4))
    await rig.time.pass(10)
    expect(rig.messages.map(alertsIn)).toEqual([['t0 firing'], ['t2 firing'], ['t3 firing']])
    expect(rig.events.filter((event) => event.startsWith('gave up'))).toEqual(['gave up: no'])
    await rig.notifying.accept(many(4).map(end))
    await rig.time.pass(65)
    expect(rig.messages.slice(3).map(alertsIn)).toEqual([['t0 resolved', 't2 resolved', 't3 resolved']])
  })

  it('are sent one by one also after a restart in between', async () => {
    rig.answers = [() => Promise.reject(new DeliveryError('no', { retry: false, maybeTooLong: true }))]
    rig.always = () => Promise.reject(new DeliveryError('later', { retry: true }))
    await rig.notifying.accept(many(3))
    await rig.time.pass(5)
    rig.always = () => undefined
    await rig.restart()
    await rig.time.pass(10)
    expect(sizes()).toEqual([1, 1, 1])
  })

  it('are not lost when the process ends while they wait', async () => {
    await rig.notifying.accept(many(3))
    await rig.restart()
    await rig.time.pass(10)
    expect(sizes()).toEqual([3])
  })
})

describe('alerts of different groups', () => {
  it('have messages of their own', async () => {
    await rig.notifying.accept([
      down('a', { vendor: 'x' }),
      down('b', { vendor: 'y' }),
      down('c', { vendor: 'x' }),
    ])
    await rig.time.pass(6)
    expect(rig.messages.map(alertsIn)).toEqual([['a firing', 'c firing'], ['b firing']])
  })

  it('become one message where more than five are ready at once', async () => {
    await rig.notifying.accept(many(30, (index) => ({ vendor: `v${index % 10}` })))
    await rig.time.pass(6)
    expect(sizes()).toEqual([30])
  })

  it('wait for the minute to pass after ten messages, and become one', async () => {
    for (const alert of many(50, (index) => ({ vendor: `v${index}` }))) {
      await rig.notifying.accept([alert])
      await rig.time.pass(2)
    }
    await rig.time.pass(120)
    expect(sizes().reduce((sum, size) => sum + size, 0)).toBe(50)
    expect(rig.messages.length).toBeLessThanOrEqual(22)
    expect(Math.max(...sizes())).toBeGreaterThan(10)
  })
})

describe('a channel that does not group', () => {
  it('has a message for each alert, at once', async () => {
    rig.group = undefined
    await rig.notifying.accept(many(40))
    await rig.time.pass(1)
    expect(sizes()).toEqual(Array.from({ length: 40 }, () => 1))
  })
})
