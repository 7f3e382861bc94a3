import { describe, expect, it } from 'vitest'
import type { Alert } from '../../../src/alerts/alert.ts'
import { unreportedAlerts, type KnownAlert } from '../../../src/alerts/receiver/unreported.ts'
import { anAlert, resolved } from '../../support/alerts/alerts.ts'

const minute = 60_000

function down(target: string, labels: Record<string, string> = {}, annotations = {}): Alert {
  return anAlert({
    labels: { alertname: 'TargetDown', target, severity: 'critical', ...labels },
    annotations,
  })
}

const shop = down('shop')
const blog = down('blog')

/** Tells what has ended after each minute in which Alertmanager had these alerts; undefined: it did not say. */
function play(alerts: Alert[], minutes: readonly (readonly KnownAlert[] | undefined)[]): string[][] {
  const unreported = unreportedAlerts()
  unreported.hear(alerts)
  return minutes.map((known, at) => {
    unreported.compare(known, at * minute)
    return unreported.ended(at * minute, new Date(0)).map(({ labels }) => labels['target'] ?? '')
  })
}

describe('alerts that Alertmanager has forgotten', () => {
  it('end after five minutes in which it did not have them', () => {
    const ends = play(
      [shop, blog],
      Array.from({ length: 6 }, () => [blog]),
    )
    expect(ends).toEqual([[], [], [], [], [], ['shop']])
  })

  it('go on if it has them again, as after a restart', () => {
    expect(play([shop], [[], [], [], [], [shop], [], [], [], [], []]).flat()).toEqual([])
  })

  it.each<[string, Alert, KnownAlert]>([
    ['another label', down('shop', { team: 'a' }), down('shop', { team: 'b' })],
    ['another name', down('shop'), down('store', {}, { was: 'market\nshop' })],
  ])('go on if their target was edited: %s', (_what, before, now) => {
    expect(play([before], Array(8).fill([now])).flat()).toEqual([])
  })

  it('go on while it does not say what it has, and for five minutes after that', () => {
    const ends = play([shop], [[], [], undefined, [], [], [], [], [], []])
    expect(ends.map(({ length }) => length)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1])
  })

  it('go on if they are heard of again, and are over once their end is heard', () => {
    const unreported = unreportedAlerts()
    unreported.hear([shop])
    unreported.compare([], 0)
    expect(unreported.isInDoubt(shop)).toBe(true)
    unreported.hear([shop])
    expect(unreported.isInDoubt(shop)).toBe(false)
    expect(unreported.ended(10 * minute, new Date(0))).toEqual([])
    unreported.compare([], 10 * minute)
    unreported.hear([resolved(shop)])
    expect(unreported.ended(20 * minute, new Date(0))).toEqual([])
  })

  it('end with the words of their beginning, and say how they ended', () => {
    const unreported = unreportedAlerts({ graceMs: 0 })
    unreported.hear([anAlert()])
    unreported.compare([], 0)
    const { annotations } = anAlert()
    expect(unreported.ended(0, new Date(7))).toEqual([
      {
        ...anAlert(),
        status: 'resolved',
        endsAt: new Date(7),
        annotations: { ...annotations, ended: 'unreported' },
      },
    ])
  })

  it('are forgotten beyond the limit, those heard of longest ago first', () => {
    const unreported = unreportedAlerts({ graceMs: 0, maxRemembered: 1 })
    unreported.hear([shop])
    unreported.hear([blog])
    unreported.compare([], 0)
    expect(unreported.ended(0, new Date(0)).map(({ labels }) => labels['target'])).toEqual(['blog'])
  })
})
