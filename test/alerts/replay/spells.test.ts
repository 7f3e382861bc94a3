import { describe, expect, it } from 'vitest'
import { createSpells } from '../../../src/alerts/replay/spells.ts'
import type { Target } from '../../../src/config/target/target.ts'
import { aTarget } from '../../support/target.ts'

const start = 1_790_000_100
const day = 86_400
const shop = aTarget({ name: 'shop', interval: 60 })

interface Moment {
  readonly seconds?: number
  readonly failed?: boolean
}

/** A check a minute for so many days; `at` says what the check of a minute comes to, which takes 0.2 s by default. */
function found(target: Target, days: number, at: (minute: number) => Moment, stored = target.name) {
  const list = createSpells([target])
  for (let minute = 0; minute < days * 1440; minute++) {
    const { seconds = 0.2, failed = false } = at(minute)
    list.observe({
      target: stored,
      location: 'home',
      at: start + minute * 60,
      durationSeconds: seconds,
      ...(failed && { failure: { reason: 'status', message: '' } }),
    })
  }
  return list.finish()
}

const between = (minute: number, from: number, to: number): boolean => minute >= from && minute < to

describe('a slow spell', () => {
  it('takes more than twice as long as the target takes when it is busy', () => {
    const { usual, spells } = found(shop, 10, (minute) => ({
      // Busy for a tenth of the day, and slow for half an hour.
      seconds: between(minute, 5000, 5030) ? 0.9 : minute % 1440 < 144 ? 0.4 : 0.2,
    }))
    expect(usual).toEqual([
      {
        target: 'shop',
        busyLatency: expect.closeTo(0.4, 6) as number,
        slowAbove: expect.closeTo(0.8, 6) as number,
        failingAbove: 0.05,
        firstAt: start,
        lastAt: start + 10 * day - 60,
        checks: 14_400,
      },
    ])
    expect(spells).toEqual([
      {
        kind: 'slow',
        target: 'shop',
        location: 'home',
        startedAt: start + 5000 * 60,
        endedAt: start + 5030 * 60,
      },
    ])
  })

  it('is no block of five minutes alone, and no single slow checks', () => {
    const once = found(shop, 10, (minute) => ({ seconds: between(minute, 5000, 5005) ? 3 : 0.2 }))
    expect(once.spells).toEqual([])
    expect(found(shop, 10, (minute) => ({ seconds: minute % 3 === 0 ? 3 : 0.2 })).spells).toEqual([])
  })

  it('is slower than a quarter of a second, or than what is expected if that is less', () => {
    const at = (minute: number): Moment => ({ seconds: between(minute, 5000, 5030) ? 0.2 : 0.02 })
    expect(found(shop, 10, at).spells).toEqual([])
    const strict = { ...shop, expect: { ...shop.expect, maxLatency: 0.1 } }
    expect(found(strict, 10, at).spells).toHaveLength(1)
  })
})

describe('a failing spell', () => {
  it('has more failures within an hour than chance explains of a target that fails as usual', () => {
    const failsOften = (minute: number): Moment => ({
      failed: between(minute, 5000, 5040) && minute % 2 === 0,
    })
    const { spells } = found(shop, 10, failsOften)
    expect(spells.map(({ kind }) => kind)).toEqual(['failing'])
    expect(spells[0]!.startedAt).toBeLessThanOrEqual(start + 5000 * 60)
    expect(spells[0]!.endedAt).toBeGreaterThan(start + 5040 * 60)
    const usual = found(shop, 10, (minute) => ({ failed: minute % 3 === 0 }))
    expect(usual.usual[0]!.failingAbove).toBeCloseTo(2 / 3, 2)
    expect(usual.spells).toEqual([])
  })
})

it('a former name is the same target, and one that is seldom checked is only counted', () => {
  const renamed = { ...shop, was: ['store'] }
  expect(found(renamed, 10, () => ({}), 'store').usual[0]!.target).toBe('shop')
  const seldom = found({ ...shop, interval: 3600 }, 10, (minute) => ({ seconds: minute < 100 ? 5 : 0.1 }))
  expect(seldom.spells).toEqual([])
  expect(seldom.usual[0]!.checks).toBe(14_400)
  expect(found(aTarget({ name: 'other' }), 1, () => ({}), 'shop').usual).toEqual([])
})
