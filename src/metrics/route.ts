import { Router } from 'express'
import type { Registry } from 'prom-client'
import { systemClock, type Clock } from '../lib/time/clock.ts'
import { textInSlices } from '../lib/time/text-in-slices.ts'

export interface MetricsRouteOptions {
  readonly registry: Registry
  /** What else /metrics says, in Prometheus' text format: in pieces, none of which takes long to make. */
  readonly moreMetrics?: () => Iterable<string>
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
  let running: Promise<Buffer> | undefined

  async function render(): Promise<Buffer> {
    try {
      const own = Buffer.from(await registry.metrics())
      return Buffer.concat([own, await textInSlices(moreMetrics(), clock.monotonic)])
    } finally {
      running = undefined
    }
  }

  return Router().get('/metrics', async (_request, response) => {
    running ??= render()
    response.set('Content-Type', registry.contentType).send(await running)
  })
}
