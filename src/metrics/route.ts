import { Router } from 'express'
import type { Registry } from 'prom-client'

export interface MetricsRouteOptions {
  readonly registry: Registry
  /** What else /metrics says, in Prometheus' text format. */
  readonly moreMetrics?: () => string
}

/** `GET /metrics`: Probity itself. */
export function metricsRoute({ registry, moreMetrics }: MetricsRouteOptions): Router {
  return Router().get('/metrics', async (_request, response) => {
    response
      .set('Content-Type', registry.contentType)
      .send((await registry.metrics()) + (moreMetrics?.() ?? ''))
  })
}
