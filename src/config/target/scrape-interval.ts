/** Prometheus forgets a series after 5 minutes without a sample; a minute between two scrapes leaves room for failures. */
const longestScrapeInterval = 60

/**
 * Seconds between two scrapes of a target. A longer interval is divided evenly, so that a scrape falls on the moment when
 * the next check is due.
 */
export function scrapeInterval(interval: number): number {
  return interval / Math.ceil(interval / longestScrapeInterval)
}
