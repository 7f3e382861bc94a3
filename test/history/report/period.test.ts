import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import {
  daysOf,
  monthOf,
  monthPeriod,
  namedPeriod,
  periodBefore,
  weekOf,
} from '../../../src/history/report/period.ts'

describe('a month', () => {
  it.each([
    ['2026-10', 'UTC', '2026-10-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z'],
    ['2026-10', 'Europe/Berlin', '2026-09-30T22:00:00.000Z', '2026-10-31T23:00:00.000Z'],
    ['2026-12', 'America/New_York', '2026-12-01T05:00:00.000Z', '2027-01-01T05:00:00.000Z'],
    ['2026-02', 'Asia/Kolkata', '2026-01-31T18:30:00.000Z', '2026-02-28T18:30:00.000Z'],
    ['2026-03', 'Asia/Kathmandu', '2026-02-28T18:15:00.000Z', '2026-03-31T18:15:00.000Z'],
  ])('%s in %s', (month, zone, from, to) => {
    const period = monthPeriod(month, zone)
    expect([period.from, period.to].map((time) => new Date(time).toISOString())).toEqual([from, to])
  })

  it('is followed by the next without a gap, in any zone', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia'),
        fc.integer({ min: 2000, max: 2040 }),
        fc.integer({ min: 1, max: 12 }),
        (zone, year, number) => {
          const period = monthPeriod(`${year}-${String(number).padStart(2, '0')}`, zone)
          expect(periodBefore(period, zone).to).toBe(period.from)
          expect(monthOf(period.from, zone)).toBe(period.name)
          expect(monthOf(period.to - 1, zone)).toBe(period.name)
        },
      ),
      { numRuns: 300 },
    )
  })

  it.each(['2026-13', '2026-1', '0000-01', '0026-10', 'October', ''])('is not "%s"', (text) => {
    expect(() => monthPeriod(text, 'UTC')).toThrow(
      `"${text}" is not a valid month: expected one such as 2026-10`,
    )
  })

  it.each(['Europe/Berlim', '+05:30', ''])('is not that of the time zone "%s"', (zone) => {
    expect(() => monthPeriod('2026-10', zone)).toThrow(
      `"${zone}" is not a valid time zone: expected one such as UTC or Europe/Berlin`,
    )
  })
})

describe('a week', () => {
  it.each([
    ['2026-W44', 'UTC', '2026-10-26T00:00:00.000Z', '2026-11-02T00:00:00.000Z'],
    // It has 169 hours: the clocks go back on its Sunday.
    ['2026-W43', 'Europe/Berlin', '2026-10-18T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
    ['2026-W53', 'UTC', '2026-12-28T00:00:00.000Z', '2027-01-04T00:00:00.000Z'],
    ['2027-W01', 'UTC', '2027-01-04T00:00:00.000Z', '2027-01-11T00:00:00.000Z'],
  ])('%s in %s', (week, zone, from, to) => {
    const period = namedPeriod(week, zone)
    expect([period.from, period.to].map((time) => new Date(time).toISOString())).toEqual([from, to])
    expect(weekOf(period.from, zone)).toBe(week)
    expect(weekOf(period.to - 1, zone)).toBe(week)
    expect(periodBefore(period, zone).to).toBe(period.from)
  })

  it.each([
    '2026-W00',
    '2027-W53',
    '2026-W4',
    'W44',
    '2026-10-05T06:00Z',
    '2026-10-06T00:00Z/2026-10-05T00:00Z',
  ])('is not "%s"', (text) => {
    expect(() => namedPeriod(text, 'UTC')).toThrow(`"${text}" is not a valid period: expected a month`)
  })
})

describe('two times', () => {
  it('are a period, and as long as the one before', () => {
    const period = namedPeriod('2026-10-05T06:00Z/2026-10-12T06:00:00Z', 'UTC')
    expect(period.name).toBe('2026-10-05T06:00:00Z/2026-10-12T06:00:00Z')
    expect(periodBefore(period, 'UTC').name).toBe('2026-09-28T06:00:00Z/2026-10-05T06:00:00Z')
  })

  it('are cut into the days of a zone, of which one has 25 hours', () => {
    const days = daysOf(namedPeriod('2026-10-24T12:00Z/2026-10-26T12:00Z', 'UTC'), 'Europe/Berlin')
    expect(days.map(({ day, from, to }) => [day, (to - from) / 3_600_000])).toEqual([
      ['2026-10-24', 10],
      ['2026-10-25', 25],
      ['2026-10-26', 13],
    ])
  })
})
