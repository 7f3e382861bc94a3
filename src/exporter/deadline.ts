import { ProbityError } from '../lib/errors.ts'

/** What is kept free of the scrape timeout, so that the answer still arrives. The same as blackbox_exporter's. */
const offsetSeconds = 0.5

/**
 * Reads Prometheus' `X-Prometheus-Scrape-Timeout-Seconds`.
 *
 * @returns Seconds; undefined without the header.
 * @throws ProbityError `TIMEOUT_HEADER_INVALID` when it is not a positive number.
 */
export function parseScrapeTimeout(header: string | undefined): number | undefined {
  if (header === undefined) return undefined
  const seconds = Number(header)
  if (header.trim() === '' || !Number.isFinite(seconds) || seconds <= 0) {
    throw new ProbityError(
      'TIMEOUT_HEADER_INVALID',
      `X-Prometheus-Scrape-Timeout-Seconds is "${header.slice(0, 40)}": expected a positive number of seconds`,
    )
  }
  return seconds
}

/**
 * How long a probe may take: the target's own timeout, or what the scrape leaves where that is less. A header of 15 gives
 * 14.5, one too short for the offset gives half of itself.
 */
export function probeTimeout(targetTimeout: number, scrapeTimeout: number | undefined): number {
  if (scrapeTimeout === undefined) return targetTimeout
  const left = scrapeTimeout > 2 * offsetSeconds ? scrapeTimeout - offsetSeconds : scrapeTimeout / 2
  return Math.min(targetTimeout, left)
}
