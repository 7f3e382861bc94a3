import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { bandsOf, type ChartSeries } from '../../../src/web/shared/chart-series.ts'
import { agoText, dayText, spanText, tookText } from '../../../src/web/shared/as-text.ts'
import { matches } from '../../../src/web/shared/match.ts'
import { dayBars } from '../../../src/web/pages/parts/days/day-bars.ts'
import { objectiveText, percentText } from '../../../src/web/pages/parts/ratios.ts'
import { sparkline } from '../../../src/web/pages/parts/sparkline.ts'

const now = new Date('2026-11-21T12:00:00Z')

describe('words', () => {
  it.each([
    [0.00042, '0.4 ms'],
    [0.12, '120 ms'],
    [0.9994, '999 ms'],
    [0.9996, '1.00 s'],
    [1.254, '1.25 s'],
    [15.4, '15 s'],
  ])('say that a check of %d s took %s', (seconds, text) => {
    expect(tookText(seconds)).toBe(text)
  })

  it.each([
    [0, '0 s'],
    [45, '45 s'],
    [60, '1 min'],
    [3675, '1 h 1 min'],
    [86_400 * 3 + 4 * 3600 + 59, '3 d 4 h'],
    [86_400 + 59, '1 d'],
  ])('say %d s as %s', (seconds, text) => {
    expect(spanText(seconds)).toBe(text)
  })

  it('say how long ago in one unit, and the year where it is another', () => {
    expect(agoText(7199)).toBe('1 h ago')
    expect(agoText(-2)).toBe('0 s ago')
    expect(dayText(new Date('2025-12-31T23:59:59Z'), now)).toBe('31 Dec 2025')
  })

  it.each([
    [1, '100 %'],
    [0.99999999, '99.999 %'],
    [0.9999, '99.990 %'],
    [0.9987, '99.87 %'],
    [0.889, '88.9 %'],
    [0, '0.0 %'],
  ])('say %d as %s', (ratio, text) => {
    expect(percentText(ratio)).toBe(text)
  })

  it('never say that more succeeded than did', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e9 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (checks, part) => {
          const failures = Math.max(1, Math.round(part * checks))
          const ratio = 1 - failures / checks
          expect(Number.parseFloat(percentText(ratio))).toBeLessThanOrEqual(ratio * 100 + 1e-8)
          expect(percentText(ratio)).not.toBe('100 %')
        },
      ),
    )
  })

  it('say an objective as it was written', () => {
    expect([0.95, 0.999, 0.9995].map(objectiveText)).toEqual(['95 %', '99.9 %', '99.95 %'])
  })
})

describe('the bars of days', () => {
  const day = (date: string, checks: number, failures: number) => ({
    day: date,
    checks,
    failures,
    availability: checks === 0 ? null : 1 - failures / checks,
    unobserved: checks === 0,
  })
  const days = [
    day('2026-11-16', 0, 0),
    day('2026-11-17', 2880, 0),
    day('2026-11-18', 2880, 1),
    day('2026-11-19', 2880, 50),
    day('2026-11-20', 2880, 1440),
  ]

  it('say of each day what it was, and never count as up what nobody has seen', () => {
    const { markup } = dayBars(days, { slo: 0.999, now, titles: true })
    expect(
      [...markup.matchAll(/class="(\w+)" d="[^"]+"><title>([^<]+)/g)].map(([, tone, title]) => [tone, title]),
    ).toEqual([
      ['none', '16 Nov: unobserved'],
      ['up', '17 Nov: 100 %, 0 of 2880 checks failed'],
      ['most', '18 Nov: 99.965 %, 1 of 2880 checks failed'],
      ['degraded', '19 Nov: 98.26 %, 50 of 2880 checks failed'],
      ['down', '20 Nov: 50.0 %, 1440 of 2880 checks failed'],
    ])
    expect(markup).toContain(
      'aria-label="5 days: 1 no failure, 1 within the objective, 1 below it, 1 far below, 1 unobserved"',
    )
  })

  it('take one path for days that are alike, where there are many targets', () => {
    const same = [...days.slice(0, 1), ...days.slice(0, 2), ...days.slice(1, 2)]
    const { markup } = dayBars(same, { slo: 0.999, now, titles: false })
    expect([...markup.matchAll(/class="(\w+)" d="([^"]+)"/g)].map(([, tone, path]) => [tone, path])).toEqual([
      ['none', 'M0 15h10'],
      ['up', 'M10 15h10'],
    ])
  })
})

describe('the line of latencies', () => {
  it('is broken where nothing was seen, and shows a point that stands alone', () => {
    const { markup } = sparkline({ points: [0.1, 0.1, null, 0.2, null, null], limit: 0.4, label: 'Latency' })
    expect(/class="line" d="([^"]+)"/.exec(markup)?.[1]).toBe('M0 43L1 43M3 30h.1')
    expect(markup).toContain('aria-label="Latency: 100 ms to 200 ms, expected at most 400 ms"')
  })

  it('says so where there is nothing', () => {
    expect(sparkline({ points: [null], limit: 1, label: 'Latency' }).markup).toContain(
      'Latency: nothing was seen',
    )
  })
})

describe('what is behind the lines of a chart', () => {
  const series = (checks: number[], failures: number[], step: number): ChartSeries => ({
    from: 0,
    to: 1000,
    step,
    limit: 1,
    marks: [],
    at: checks.map((_, index) => index * 100),
    checks,
    failures,
    p50: checks.map(() => null),
    max: checks.map(() => null),
  })

  it('is one stretch for checks that fail one after the other', () => {
    expect(bandsOf(series([1, 1, 1, 1], [0, 1, 1, 0], 0))).toEqual([{ kind: 'failing', from: 100, to: 300 }])
  })

  it('is unobserved from a point without checks to the next one, or to the end', () => {
    expect(bandsOf(series([1, 0, 1], [0, 0, 0], 0))).toEqual([{ kind: 'unseen', from: 100, to: 200 }])
    expect(bandsOf(series([1, 0], [0, 0], 0))).toEqual([{ kind: 'unseen', from: 100, to: 1000 }])
  })

  it('is unobserved before the first point', () => {
    const late = { ...series([1], [0], 0), at: [600] }
    expect(bandsOf(late)).toEqual([{ kind: 'unseen', from: 0, to: 600 }])
  })

  it('is as long as the step where a step failed and nothing followed', () => {
    expect(bandsOf(series([9, 0], [3, 0], 50))).toEqual([
      { kind: 'failing', from: 0, to: 50 },
      { kind: 'unseen', from: 100, to: 1000 },
    ])
  })
})

describe('the filter', () => {
  const target = {
    text: 'checkout https://shop.example/ team=checkout',
    state: 'up',
    labels: ['team=checkout'],
  }

  it.each([
    [{ text: '', state: '', label: '' }, true],
    [{ text: ' SHOP  check', state: 'up', label: 'team=checkout' }, true],
    [{ text: 'shop nothing', state: '', label: '' }, false],
    [{ text: '', state: 'down', label: '' }, false],
    [{ text: '', state: '', label: 'team=check' }, false],
  ])('%j', (filter, shown) => {
    expect(matches(filter, target)).toBe(shown)
  })
})
