import { describe, expect, it } from 'vitest'
import { parseScrapeTimeout, probeTimeout } from '../../src/exporter/deadline.ts'

describe('the deadline of a probe', () => {
  it.each([
    { target: 60, header: 15, expected: 14.5, why: 'what the scrape leaves' },
    { target: 5, header: 15, expected: 5, why: "the target's own timeout, which is less" },
    { target: 5, header: undefined, expected: 5, why: "the target's own timeout, without a header" },
    { target: 5, header: 0.8, expected: 0.4, why: 'half of a header that is too short for the offset' },
    { target: 5, header: 1, expected: 0.5, why: 'the same from both sides of the change' },
  ])('of target $target and header $header is $expected: $why', ({ target, header, expected }) => {
    expect(probeTimeout(target, header)).toBeCloseTo(expected, 9)
  })

  it.each(['', ' ', 'soon', '0', '-1', 'Infinity', 'NaN', '10s'])('refuses the header "%s"', (header) => {
    expect(() => parseScrapeTimeout(header)).toThrow(
      `X-Prometheus-Scrape-Timeout-Seconds is "${header}": expected a positive number of seconds`,
    )
  })

  it('reads a fraction', () => {
    expect(parseScrapeTimeout('9.500')).toBe(9.5)
  })
})
