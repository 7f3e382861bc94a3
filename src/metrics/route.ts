import { Router } from 'express'
import type { Registry } from 'prom-client'

export interface MetricsRouteOptions {
  readonly registry: Registry
  /** What else /metrics says, in Prometheus' text format. */
  readonly moreMetrics?: () => string
}

/**
 * `GET /metrics`: Probity itself. Requests that come while an answer is being made share it, so that somebody who asks a
 * thousand times at once costs no more than one scrape.
 */
export function metricsRoute({ registry, moreMetrics }: MetricsRouteOptions): Router {
  let running: Promise<Buffer> | undefined

  async function render(): Promise<Buffer> {
    try {
      return Buffer.from((await registry.metrics()) + (moreMetrics?.() ?? ''))
    } finally {
      running = undefined
    }
  }

  return Router().get('/metrics', async (_request, response) => {
    running ??= render()
    response.set('Content-Type', registry.contentType).send(await running)
  })
}
