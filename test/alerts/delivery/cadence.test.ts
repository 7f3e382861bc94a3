import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import {
  baseInterval,
  failureCount,
  failureOf,
  nextDue,
  nothingTold,
  settling,
  tell,
} from '../../../src/alerts/delivery/cadence.ts'
import type { Repeat } from '../../../src/config/notify/repeat.ts'
import { anAlert } from '../../support/alerts/alerts.ts'

const t0 = Date.UTC(2026, 10, 20, 12) / 1000

function alertAfter(checks: number, interval: number) {
  return failureOf(
    anAlert({
      startsAt: new Date((t0 + checks * interval) * 1000),
      annotations: { interval: String(interval), failing_since: String(t0) },
    }),
  )
}

/** The failures at which Minitor alerts, by its own formula, asked after every check. */
function minitor(alertAfterChecks: number, every: number, failures: number): number[] {
  const told: number[] = []
  for (let failure = alertAfterChecks; failure <= failures; failure++) {
    const n = failure - alertAfterChecks
    const due = every < 0 ? n >= 2 ** told.length - 1 : every === 0 ? told.length === 0 : n % every === 0
    if (due) told.push(failure)
  }
  return told
}

/** The same, by ours. */
function ours(repeat: Repeat, alertAfterChecks: number, interval: number, failures: number): number[] {
  const failure = alertAfter(alertAfterChecks, interval)
  const at: number[] = []
  let told = nothingTold
  for (let now = t0 + alertAfterChecks * interval; now < t0 + (failures + 1) * interval;) {
    told = tell(failure, told, now)
    at.push(failureCount(failure, now))
    const next = nextDue(repeat, failure, told)
    expect(next).toBeGreaterThan(now)
    now = next
  }
  return at
}

describe('the cadence', () => {
  it('doubles: after 3 at the failures 3, 4, 6, 10, 18, 34, and after 1 at 1, 2, 4, 8, 16, 32', () => {
    expect(ours({ kind: 'exponential' }, 3, 30, 34)).toEqual([3, 4, 6, 10, 18, 34])
    expect(ours({ kind: 'exponential' }, 1, 30, 32)).toEqual([1, 2, 4, 8, 16, 32])
  })

  it('is that of Minitor', () => {
    const repeats = fc.oneof(
      fc.constant([{ kind: 'exponential' }, -1] as const),
      fc.constant([{ kind: 'once' }, 0] as const),
      fc.integer({ min: 1, max: 20 }).map((checks) => [{ kind: 'checks', checks }, checks] as const),
    )
    fc.assert(
      fc.property(
        repeats,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 3600 }),
        fc.integer({ min: 0, max: 300 }),
        ([repeat, every], after, interval, more) => {
          expect(ours(repeat, after, interval, after + more)).toEqual(minitor(after, every, after + more))
        },
      ),
    )
  })

  it('loses no check to the rounding of times to milliseconds', () => {
    fc.assert(
      fc.property(
        fc.double({ min: t0, max: t0 + 1000, noNaN: true }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 3600 }),
        (now, checks, interval) => {
          const failure = failureOf(
            anAlert({
              startsAt: new Date(now * 1000),
              annotations: {
                interval: String(interval),
                failing_since: String(Math.round((now - checks * interval) * 1000) / 1000),
              },
            }),
          )
          expect(failure.deciding).toBe(checks)
          expect(failureCount(failure, failure.failingSince + 2 * interval)).toBe(2)
        },
      ),
    )
  })

  it('lets the check end that a repetition is due at', () => {
    for (const [interval, seconds] of [
      [2, 0.5],
      [30, 7.5],
      [3600, 10],
    ] as const) {
      const failure = alertAfter(3, interval)
      const told = tell(failure, nothingTold, t0 + 3 * interval)
      expect(nextDue({ kind: 'exponential' }, failure, told)).toBe(t0 + 4 * interval + seconds)
      expect(nextDue({ kind: 'checks', checks: 5 }, failure, told)).toBe(t0 + 8 * interval + seconds)
    }
  })

  it('repeats after a duration, counted from the last', () => {
    const failure = alertAfter(3, 30)
    const told = tell(failure, nothingTold, t0 + 100)
    expect(nextDue({ kind: 'every', seconds: 3600 }, failure, told)).toBe(t0 + 3700)
  })

  it('tells once what went by while nobody could tell', () => {
    const failure = alertAfter(3, 30)
    const first = tell(failure, nothingTold, t0 + 90)
    const late = tell(failure, first, t0 + (3 + 50) * 30)
    expect(late.count).toBe(2)
    // 50 checks after the deciding one: 2^6 - 1 = 63 is the next.
    expect(nextDue({ kind: 'exponential' }, failure, late)).toBe(t0 + (3 + 63) * 30 + settling(failure))
  })

  it.each([
    [{}],
    [{ interval: '', failing_since: '' }],
    [{ interval: 'NaN', failing_since: '-1' }],
    [{ failing_since: String(t0 + 3600) }],
  ])('takes a check a minute from the beginning where the alert has %j', (annotations) => {
    const failure = failureOf(anAlert({ annotations, startsAt: new Date(t0 * 1000) }))
    expect(failure).toEqual({ failingSince: t0, interval: baseInterval, deciding: 0, known: false })
  })
})
