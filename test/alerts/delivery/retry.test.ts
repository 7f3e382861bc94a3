import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { createPace } from '../../../src/alerts/delivery/pace.ts'
import { afterFailure } from '../../../src/alerts/delivery/retry.ts'
import { DeliveryError } from '../../../src/channels/channel.ts'

const policy = { maxAttempts: 10, giveUpAfter: 3600 }
const later = new DeliveryError('busy', { retry: true })

describe('after a failed attempt', () => {
  it.each([
    [1, 1000],
    [2, 2000],
    [3, 4000],
    [9, 256_000],
  ])('number %d the next follows at the latest after %d ms', (attempts, milliseconds) => {
    const failed = { attempts, firstAt: 0, error: later }
    expect(afterFailure(policy, failed, 0, () => 1)).toEqual({ retryAt: milliseconds })
    expect(afterFailure(policy, failed, 0, () => 0)).toEqual({ retryAt: milliseconds / 2 })
  })

  it.each<[string, number, unknown, string]>([
    ['the other side refuses it for good', 1, new DeliveryError('400', { retry: false }), '400'],
    ['there were enough', 10, later, 'busy (10 attempts)'],
    [
      'the other side wants to be left alone for longer',
      1,
      new DeliveryError('429', { retry: true, retryAfterSeconds: 4000 }),
      '429 (1 attempt in 0 s)',
    ],
  ])('none follows where %s', (_name, attempts, error, words) => {
    expect(afterFailure(policy, { attempts, firstAt: 0, error }, 0, () => 1)).toEqual({ giveUp: words })
  })

  it('the next is never before Retry-After, never later than is allowed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 0, max: 7200 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempts, retryAfterSeconds, random) => {
          const error = new DeliveryError('x', { retry: true, retryAfterSeconds })
          const verdict = afterFailure(policy, { attempts, firstAt: 0, error }, 1000, () => random)
          if ('giveUp' in verdict) expect(retryAfterSeconds).toBeGreaterThan(3500 - 256)
          else {
            expect(verdict.retryAt).toBeGreaterThanOrEqual(1000 + retryAfterSeconds * 1000)
            expect(verdict.retryAt).toBeLessThanOrEqual(3_600_000)
          }
        },
      ),
    )
  })
})

describe('the pace of a channel', () => {
  const open = () => createPace({ concurrency: 2, perMinute: 3, random: () => 1 })

  it('allows so many at a time, and so many a minute', () => {
    const pace = open()
    expect([pace.freeAt(0, 1), pace.freeAt(0, 2)]).toEqual([0, Infinity])
    for (const at of [0, 10, 20]) pace.began(at)
    expect(pace.freeAt(30, 0)).toBe(60_000)
    expect(pace.freeAt(60_005, 0)).toBe(0)
  })

  it('lets what is urgent wait for what is urgent alone, and not for longer than 30 s', () => {
    const pace = open()
    for (const at of [0, 10, 20]) pace.began(at)
    expect([pace.freeAt(30, 0), pace.freeAt(30, 0, 30), pace.freeAt(30, 2, 30)]).toEqual([
      60_000,
      0,
      Infinity,
    ])
    for (const at of [30, 40, 50]) pace.began(at, true)
    expect(pace.freeAt(60, 0, 60)).toBe(30_060)
    pace.failed(60, 90)
    expect(pace.freeAt(60, 0, 60)).toBe(90_060)
  })

  it('tries one at a time, less and less often, while the other side fails', () => {
    const pace = open()
    for (let attempt = 0; attempt < 4; attempt++) pace.failed(0, undefined)
    expect(pace.freeAt(0, 0)).toBe(500)
    // It was begun together with the first.
    pace.failed(1, undefined)
    expect(pace.freeAt(1, 0)).toBe(500)
    expect(pace.freeAt(500, 1)).toBe(Infinity)
    pace.failed(500, undefined)
    expect(pace.freeAt(500, 0)).toBe(1500)
    pace.succeeded()
    expect(pace.freeAt(501, 1)).toBe(0)
  })

  it('holds back no other notification where fewer than four fail in a row', () => {
    const pace = open()
    for (let round = 0; round < 10; round++) {
      for (let attempt = 0; attempt < 3; attempt++) pace.failed(0, undefined)
      expect(pace.freeAt(0, 1)).toBe(0)
      pace.succeeded()
    }
  })

  it('leaves the other side alone for as long as it wants', () => {
    const pace = open()
    pace.failed(0, 90)
    expect(pace.freeAt(0, 0)).toBe(90_000)
  })
})
