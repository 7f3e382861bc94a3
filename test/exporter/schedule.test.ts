import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { scrapeInterval } from '../../src/config/target/scrape-interval.ts'
import { freshFor } from '../../src/exporter/schedule.ts'

describe('scrape intervals', () => {
  it.each([
    { interval: 10, scrape: 10, fresh: 5 },
    { interval: 60, scrape: 60, fresh: 30 },
    { interval: 90, scrape: 45, fresh: 67.5 },
    { interval: 3600, scrape: 60, fresh: 3570 },
  ])('of a target every $interval s: scraped every $scrape s, a result is fresh for $fresh s', (row) => {
    expect(scrapeInterval(row.interval)).toBe(row.scrape)
    expect(freshFor(row.interval)).toBe(row.fresh)
  })

  it('make exactly one check per interval, whatever the jitter of the scrapes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 90_000 }),
        fc.array(fc.double({ min: -0.4, max: 0.4, noNaN: true }), { minLength: 20, maxLength: 20 }),
        (interval, jitters) => {
          const every = scrapeInterval(interval)
          const perCheck = Math.round(interval / every)
          let lastCheck = -Infinity
          const checks: number[] = []
          for (let scrape = 0; scrape < perCheck * 20; scrape++) {
            const at = scrape * every + (jitters[scrape % 20] ?? 0) * Math.min(every / 2, 1)
            if (at - lastCheck < freshFor(interval)) continue
            lastCheck = at
            checks.push(scrape)
          }
          expect(checks).toEqual(Array.from({ length: 20 }, (_, i) => i * perCheck))
        },
      ),
      { numRuns: 60 },
    )
  })
})
