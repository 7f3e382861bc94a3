/** Prometheus forgets a series after 5 minutes without a sample; a minute between two scrapes leaves room for failures. */
const longestScrapeInterval = 60

/**
 * Seconds between two scrapes of a target. A longer interval is divided evenly, so that a scrape falls on the moment when
 * the next check is due.
 */
export function scrapeInterval(interval: number): number {
  return interval / Math.ceil(interval / longestScrapeInterval)
}

/**
 * Seconds for which a result is served again. Half a scrape interval short of the target's own interval: the scrape at
 * which the next check is due makes it, whichever side of the moment it falls on.
 */
export function freshFor(interval: number): number {
  return interval - scrapeInterval(interval) / 2
}
