import { Router } from 'express'
import type { Registry } from 'prom-client'
import { systemClock, type Clock } from '../lib/time/clock.ts'
import { textInSlices } from '../lib/time/text-in-slices.ts'

/** Prometheus sends it with every scrape. */
export const scrapeTimeoutHeader = 'x-prometheus-scrape-timeout-seconds'

export interface MetricsRouteOptions {
  readonly registry: Registry
  /**
   * What else /metrics says, in Prometheus' text format: in pieces, none of which takes long to make.
   *
   * @param scrape Whether Prometheus asks, and not a person.
   */
  readonly moreMetrics?: (scrape: boolean) => Iterable<string>
  /** Default: the machine's. */
  readonly clock?: Pick<Clock, 'monotonic'>
}

/**
 * `GET /metrics`: Probity itself. Requests that come while an answer is being made share it, so that somebody who asks a
 * thousand times at once costs no more than one scrape. However long the answer, everything else has its turn meanwhile.
 */
export function metricsRoute({
  registry,
  moreMetrics = () => [],
  clock = systemClock,
}: MetricsRouteOptions): Router {
  const running = new Map<boolean, Promise<Buffer>>()

  async function render(scrape: boolean): Promise<Buffer> {
    try {
      const own = Buffer.from(await registry.metrics())
      return Buffer.concat([own, await textInSlices(moreMetrics(scrape), clock.monotonic)])
    } finally {
      running.delete(scrape)
    }
  }

  return Router().get('/metrics', async ({ headers }, response) => {
    const scrape = headers[scrapeTimeoutHeader] !== undefined
    const answer = running.get(scrape) ?? render(scrape)
    running.set(scrape, answer)
    response.set('Content-Type', registry.contentType).send(await answer)
  })
}
