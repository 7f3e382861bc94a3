import { beforeEach, describe, expect, it } from 'vitest'
import type { Alert } from '../../../src/alerts/alert.ts'
import type { Notification } from '../../../src/channels/channel.ts'
import { anAlert, resolved } from '../../support/alerts/alerts.ts'
import { notifyingRig, start, type NotifyingRig } from '../../support/alerts/dispatcher.ts'

let rig: NotifyingRig

beforeEach(() => {
  rig = notifyingRig()
  rig.plans = [{ channel: 'chat', repeat: { kind: 'once' } }]
  rig.perMinute = 60
})

function down(target: string, severity: string): Alert {
  return anAlert({
    fingerprint: target,
    labels: { alertname: 'TargetDown', target, severity, vendor: target },
    annotations: { summary: `${target} is down` },
  })
}

const storm = (count: number, severity: string): Alert[] =>
  Array.from({ length: count }, (_, index) => down(`${severity}${index}`, severity))
const end = (alert: Alert): Alert => resolved(alert, new Date(Date.parse(start) + 600_000))
const targetsIn = ({ others = [], ...first }: Notification): string[] =>
  [first, ...others].map(({ target }) => target)
const told = (): string[] => rig.messages.flatMap(targetsIn)

describe('a storm of warnings on a channel with a message for each alert', () => {
  it('does not hold back a critical alert', async () => {
    await rig.notifying.accept(storm(500, 'warning'))
    await rig.time.pass(2)
    expect(told()).toHaveLength(60)
    await rig.notifying.accept([down('shop', 'critical')])
    await rig.time.pass(1)
    expect(told().slice(60)).toEqual(['shop'])
  })

  it('is told by severity, the ends after the beginnings, and all of it at last', async () => {
    const late = down('late', 'critical')
    await rig.notifying.accept([
      ...storm(59, 'info'),
      late,
      ...storm(40, 'info').map((alert) => ({ ...alert, fingerprint: `${alert.fingerprint}-more` })),
      ...storm(70, 'warning'),
    ])
    await rig.time.pass(1)
    const first = rig.messages.map(({ severity }) => severity)
    expect(first).toEqual(['critical', ...Array<string>(60).fill('warning')].slice(0, first.length))
    await rig.notifying.accept([end(late)])
    await rig.time.pass(61)
    const then = rig.messages.slice(first.length).map(({ severity, status }) => `${severity} ${status}`)
    expect(then[0]).toBe('critical resolved')
    expect(then.slice(1, 10)).toEqual(Array<string>(9).fill('warning firing'))
    await rig.time.pass(180)
    expect(rig.messages).toHaveLength(59 + 1 + 40 + 70 + 1)
  })

  it('of critical alerts holds back none of them for longer than 30 s', async () => {
    await rig.notifying.accept(storm(500, 'critical'))
    await rig.time.pass(29)
    expect(told()).toHaveLength(60)
    await rig.time.pass(2)
    expect(told()).toHaveLength(500)
  })
})

describe('a storm of warnings on a channel with messages about groups', () => {
  beforeEach(() => {
    rig.group = { by: ['alertname', 'vendor'], wait: 0, interval: 60 }
  })

  it('becomes a digest, and a critical alert follows within 30 s, with what waits', async () => {
    for (const alert of storm(40, 'warning')) {
      await rig.notifying.accept([alert])
      await rig.time.pass(0.1)
    }
    expect(rig.messages).toHaveLength(10)
    await rig.notifying.accept([down('shop', 'critical')])
    await rig.time.pass(31)
    expect(rig.messages).toHaveLength(11)
    const digest = targetsIn(rig.messages[10]!)
    expect(digest).toContain('shop')
    expect(new Set(told())).toEqual(
      new Set(['shop', ...storm(40, 'warning').map(({ labels }) => labels.target)]),
    )
  })
})

it('a full queue still takes critical alerts', async () => {
  rig.always = () => new Promise(() => undefined)
  await rig.notifying.accept(storm(10_000, 'warning'))
  await expect(rig.notifying.accept([down('w', 'warning')])).rejects.toMatchObject({ code: 'BACKLOG_FULL' })
  await rig.notifying.accept([down('shop', 'critical')])
  expect(rig.notifying.pending().some(({ notification }) => notification.target === 'shop')).toBe(true)
})
