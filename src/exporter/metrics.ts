import { Router } from 'express'
import type { ExporterContext } from './context.ts'

/** `GET /metrics`: Probity itself. */
export function metricsRoute({
  registry,
  moreMetrics,
}: Pick<ExporterContext, 'registry' | 'moreMetrics'>): Router {
  return Router().get('/metrics', async (_request, response) => {
    response
      .set('Content-Type', registry.contentType)
      .send((await registry.metrics()) + (moreMetrics?.() ?? ''))
  })
}
