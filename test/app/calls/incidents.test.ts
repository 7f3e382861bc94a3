import { describe, expect, it } from 'vitest'
import type { Alert } from '../../../src/alerts/alert.ts'
import { incidentsOf } from '../../../src/app/calls/incidents.ts'

const at = (minute: number): Date => new Date(minute * 60_000)
const now = at(60).getTime()

function alert(alertname: string, from: number, to?: number, target = 'pay'): Alert {
  return {
    status: to === undefined ? 'firing' : 'resolved',
    labels: { alertname, target },
    annotations: { summary: `${alertname} of ${target}` },
    startsAt: at(from),
    ...(to !== undefined && { endsAt: at(to) }),
    fingerprint: '0123456789abcdef',
  }
}

const asBegan = (alerts: readonly Alert[]) => alerts.map((each) => ({ alert: each, first: each }))

/** As `[first, last, from, to]`, minutes; `to` is undefined while it lasts. */
const said = (...alerts: Alert[]): unknown[] =>
  incidentsOf(asBegan(alerts), now).map(({ firstFailure, lastFailure, startedAt, endedAt }) => [
    firstFailure.reason,
    lastFailure.reason,
    startedAt.getTime() / 60_000,
    endedAt && endedAt.getTime() / 60_000,
  ])

it('keep what was said when they began, and have what is said now or was said last', () => {
  const first = alert('CallsSlow', 3)
  const said = (message: string, to?: number): Alert => ({
    ...alert('CallsSlow', 3, to),
    annotations: { summary: message },
  })
  const [lasting] = incidentsOf([{ alert: said('p95 is 2 s'), first }], now)
  expect(lasting?.firstFailure).toEqual({ at: at(3), reason: 'CallsSlow', message: 'CallsSlow of pay' })
  expect(lasting?.lastFailure).toEqual({ at: at(60), reason: 'CallsSlow', message: 'p95 is 2 s' })
  const [over] = incidentsOf([{ alert: said('p95 is 1 s', 9), first }], now)
  expect(over?.lastFailure).toEqual({ at: at(9), reason: 'CallsSlow', message: 'p95 is 1 s' })
})

describe('incidents of targets without a check', () => {
  it('are one where alerts of a target overlap, from the first beginning to the last end', () => {
    expect(said(alert('CallsErrorRateHigh', 5, 20), alert('CallsSlow', 3, 12))).toEqual([
      ['CallsSlow', 'CallsErrorRateHigh', 3, 20],
    ])
    expect(
      said(alert('CallsSlow', 3, 12), alert('CallsErrorRateHigh', 5, 9), alert('CallsMissing', 10, 30)),
    ).toEqual([['CallsSlow', 'CallsMissing', 3, 30]])
  })

  it('last while one of their alerts does, and say the worst that lasts', () => {
    expect(said(alert('CallsErrorRateHigh', 50, 55), alert('CallsSlow', 51))).toEqual([
      ['CallsErrorRateHigh', 'CallsSlow', 50, undefined],
    ])
    const both = [alert('CallsSlow', 40), alert('CallsErrorRateHigh', 40)]
    expect(said(...both)).toEqual([['CallsSlow', 'CallsErrorRateHigh', 40, undefined]])
    expect(incidentsOf(asBegan(both), now)[0]?.durationSeconds).toBe(1200)
  })

  it('are several where a target was well between them, or where targets differ', () => {
    expect(said(alert('CallsSlow', 3, 12), alert('CallsSlow', 13, 15))).toEqual([
      ['CallsSlow', 'CallsSlow', 13, 15],
      ['CallsSlow', 'CallsSlow', 3, 12],
    ])
    expect(said(alert('CallsSlow', 3, 12), alert('CallsSlow', 4, 15, 'ship'))).toHaveLength(2)
  })

  it('do not take in what is said of a version', () => {
    expect(
      said(alert('CanaryWorse', 3, 12), alert('CallsSlow', 4, 15), alert('CanaryWorse', 5, 9)),
    ).toHaveLength(3)
  })
})
