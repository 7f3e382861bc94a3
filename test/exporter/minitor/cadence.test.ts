import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { afterCheck, noFailures, type Cadence } from '../../../src/exporter/minitor/cadence.ts'

/** At which of so many failed checks in a row an alert is caused. */
function alertsAt(cadence: Cadence, checks: number): number[] {
  let state = noFailures
  const alerts: number[] = []
  for (let check = 1; check <= checks; check++) {
    const { failures, isAlert } = afterCheck(cadence, state, false)
    if (isAlert) alerts.push(check)
    state = failures
  }
  return alerts
}

describe('the cadence of Minitor', () => {
  it.each([
    [3, -1, [3, 4, 6, 10, 18, 34]],
    [1, -1, [1, 2, 4, 8, 16, 32]],
    [3, 0, [3]],
    [3, 10, [3, 13, 23, 33]],
    [1, 20, [1, 21]],
    [40, -1, []],
  ])('alert_after %d, alert_every %d alerts at the failures %j', (alertAfter, alertEvery, failures) => {
    expect(alertsAt({ alertAfter, alertEvery }, 34)).toEqual(failures)
  })

  it('the first success after an alert is one too, and starts again', () => {
    const cadence = { alertAfter: 2, alertEvery: -1 }
    const outcomes = [false, true, false, false, true, true, false, false]
    const told: boolean[] = []
    let state = noFailures
    for (const success of outcomes) {
      const { failures, isAlert } = afterCheck(cadence, state, success)
      told.push(isAlert)
      state = failures
    }
    expect(told).toEqual([false, false, false, true, true, false, false, true])
  })

  it('never alerts before alert_after, and never without end', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: -5, max: 50 }),
        (alertAfter, alertEvery) => {
          const alerts = alertsAt({ alertAfter, alertEvery }, 200)
          expect(alerts[0]).toBe(alertAfter)
          const most = alertEvery > 0 ? Math.ceil((201 - alertAfter) / alertEvery) : alertEvery === 0 ? 1 : 9
          expect(alerts.length).toBeLessThanOrEqual(most)
        },
      ),
    )
  })
})
