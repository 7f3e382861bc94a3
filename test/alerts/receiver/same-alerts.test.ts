import { beforeEach, describe, expect, it } from 'vitest'
import type { Alert } from '../../../src/alerts/alert.ts'
import { fingerprintOf } from '../../../src/alerts/evaluator/fingerprint.ts'
import { sameAlerts } from '../../../src/alerts/receiver/same-alerts.ts'
import { notifyingRig, type NotifyingRig } from '../../support/alerts/dispatcher.ts'
import { resolved } from '../../support/alerts/alerts.ts'

/** TargetDown of a target as Alertmanager has it: each label set is an alert of its own. */
function down(labels: Record<string, string>, minute = 0, annotations = {}): Alert {
  const all = { alertname: 'TargetDown', target: 'shop', severity: 'critical', location: 'here', ...labels }
  return {
    status: 'firing',
    labels: all,
    annotations: { summary: 'down', ...annotations },
    startsAt: new Date(Date.UTC(2026, 10, 20, 12, minute)),
    fingerprint: fingerprintOf(all),
  }
}

const words = (alerts: readonly Alert[]): string[] =>
  alerts.map(({ status, labels, startsAt, fingerprint }) => {
    const which = fingerprint === down({ team: 'a' }).fingerprint ? 'first' : 'other'
    return `${status} ${which} ${labels.target ?? ''} ${labels.team ?? ''} ${startsAt.toISOString().slice(14, 16)}`
  })

const [a, b] = [down({ team: 'a' }), down({ team: 'b' }, 7)]

describe('an alert whose target is edited while it fires', () => {
  it.each<[string, Alert[][], string[]]>([
    ['the end of the old labels comes later', [[a], [a, b], [resolved(a), b]], ['firing first shop b 00']],
    ['it comes with the beginning of the new ones', [[a], [resolved(a), b]], ['firing first shop b 00']],
    ['the old ones are said again', [[a], [b], [a, b], [resolved(a)]], ['firing first shop b 00']],
    [
      'it is edited back',
      [[a], [b], [resolved(a)], [down({ team: 'a' }, 9), resolved(b)]],
      ['firing first shop b 00', 'firing first shop a 00'],
    ],
    [
      'the severity is edited too',
      [[a], [down({ team: 'b', severity: 'warning' }, 7), resolved(a)]],
      ['firing first shop b 00'],
    ],
  ])('goes on: %s', (_how, messages, expected) => {
    const same = sameAlerts()
    const told = messages.flatMap((alerts) => words(same(alerts)))
    const changes = told.filter((text, index) => text !== told[index - 1])
    expect(changes).toEqual(['firing first shop a 00', ...expected])
  })

  it('ends with the new labels, also where its end is sent again', () => {
    const same = sameAlerts()
    same([a])
    same([resolved(a), b])
    const end = 'resolved first shop b 00'
    expect([resolved(b), resolved(b), resolved(a)].flatMap((alert) => words(same([alert])))).toEqual([
      end,
      end,
    ])
    // The next one is another.
    expect(words(same([down({ team: 'b' }, 20)]))).toEqual(['firing other shop b 20'])
  })

  it('goes on after a restart, by what the alerts log says', () => {
    const same = sameAlerts({ history: [a] })
    expect(words(same([b, resolved(a)]))).toEqual(['firing first shop b 00'])
    expect(words(sameAlerts({ history: [a] })([resolved(b)]))).toEqual(['resolved first shop b 00'])
    expect(words(sameAlerts({ history: [resolved(a)] })([b]))).toEqual(['firing other shop b 07'])
  })

  it('moves to the new name of the target, which says what it was', () => {
    const same = sameAlerts()
    same([a])
    const moved = down({ target: 'store', team: 'a' }, 7, { was: 'market\nshop' })
    expect(words(same([moved, resolved(a)]))).toEqual(['firing first store a 00'])
    // Also with labels that nobody has heard of: they were edited before.
    expect(words(same([resolved(a), resolved(b)]))).toEqual([])
    expect(words(same([resolved(moved)]))).toEqual(['resolved first store a 00'])
  })

  it('is another alert at another place, of another name, in another form, and where it is not of Probity', () => {
    const same = sameAlerts()
    const certificate = { alertname: 'CertificateExpiring' }
    const foreign = { alertname: 'DiskFull' }
    const alerts = [
      a,
      down({ location: 'there' }),
      down({ target: 'blog' }),
      ...['warning', 'critical'].map((severity) => down({ ...certificate, severity })),
      ...['x', 'y'].map((team) => down({ ...foreign, team })),
    ]
    expect(same(alerts)).toEqual(alerts)
    expect(same(alerts.map((alert) => resolved(alert)))).toHaveLength(alerts.length)
  })

  it('forgets those that it heard of longest ago', () => {
    const same = sameAlerts({ maxRemembered: 1 })
    same([a])
    same([down({ target: 'blog' })])
    expect(words(same([b]))).toEqual(['firing other shop b 07'])
  })
})

describe('what the channels get of it', () => {
  let rig: NotifyingRig

  beforeEach(() => {
    rig = notifyingRig()
  })

  it('is one beginning and one end', async () => {
    rig.plans = [{ channel: 'chat', repeat: { kind: 'once' } }]
    const same = sameAlerts()
    for (const message of [[a], [a, b], [resolved(a), b], [resolved(b)]]) {
      await rig.notifying.accept(same(message))
      await rig.time.pass(60)
    }
    expect(rig.messages.map(({ status, fingerprint }) => `${status} ${fingerprint}`)).toEqual([
      `firing ${a.fingerprint}`,
      `resolved ${a.fingerprint}`,
    ])
    expect(rig.messages.at(-1)?.labels).toMatchObject({ team: 'b' })
  })

  it('is two beginnings and two ends without it', async () => {
    rig.plans = [{ channel: 'chat', repeat: { kind: 'once' } }]
    for (const message of [[a], [a, b], [resolved(a), b], [resolved(b)]]) {
      await rig.notifying.accept(message)
      await rig.time.pass(60)
    }
    expect(rig.messages).toHaveLength(4)
  })
})
