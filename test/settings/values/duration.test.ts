import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { durationWords, formatDuration, parseDuration } from '../../../src/settings/values/duration.ts'

describe('parseDuration', () => {
  it.each([
    ['500ms', 0.5],
    ['30s', 30],
    ['5m', 300],
    ['1h', 3600],
    ['1d', 86_400],
    ['1h30m', 5400],
    ['1m30s500ms', 90.5],
    ['2w', 1_209_600],
    ['1y', 31_536_000],
    ['0s', 0],
    ['100m', 6000],
  ])('%s', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds)
  })

  it.each([
    '',
    '30',
    's',
    '30 s',
    '-30s',
    '1.5s',
    '30S',
    '30s1m',
    '1s1s',
    '1e3s',
    ' 30s',
    '99999999999999999y',
    '30s\n',
  ])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined()
  })

  it('never throws, and reads only what Prometheus reads', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('0', '1', '59', 'y', 'w', 'd', 'h', 'm', 's', 'ms', '.', ' ', '-'),
        }),
        (text) => {
          const seconds = parseDuration(text)
          if (seconds !== undefined) expect(text).toMatch(/^(\d+(y|w|d|h|m|s|ms))+$/)
        },
      ),
    )
  })
})

describe('formatDuration', () => {
  it.each([
    [0.5, '500ms'],
    [75, '1m15s'],
    [3600, '1h'],
    [40 * 86_400, '40d'],
    [0, '0s'],
    [0.0004, '0s'],
    [Infinity, 'forever'],
  ])('%d', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text)
  })

  it('is read back as it was, to the millisecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), (milliseconds) => {
        expect(parseDuration(formatDuration(milliseconds / 1000))).toBe(milliseconds / 1000)
      }),
    )
  })
})

describe('durationWords', () => {
  it.each([
    [12.5, '12.5s'],
    [0.5, '500ms'],
    [1.25, '1.25s'],
    [60.5, '1m0.5s'],
    [112.005, '1m52.005s'],
    [3600.5, '1h0.5s'],
    [150, '2m30s'],
    [0, '0s'],
    [Infinity, 'forever'],
  ])('writes %d s as %s', (seconds, text) => {
    expect(durationWords(seconds)).toBe(text)
  })
})
