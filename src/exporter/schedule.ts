import { scrapeInterval } from '../config/target/scrape-interval.ts'

/**
 * Seconds for which a result is served again. Half a scrape interval short of the target's own interval: the scrape at
 * which the next check is due makes it, whichever side of the moment it falls on.
 */
export function freshFor(interval: number): number {
  return interval - scrapeInterval(interval) / 2
}
