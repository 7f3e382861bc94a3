import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { monthBefore, monthOf, monthPeriod } from '../../../src/history/report/period.ts'

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
          expect(monthBefore(period, zone).to).toBe(period.from)
          expect(monthOf(period.from, zone)).toBe(period.month)
          expect(monthOf(period.to - 1, zone)).toBe(period.month)
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
