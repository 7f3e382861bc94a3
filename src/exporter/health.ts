import { Router } from 'express'
import type { ExporterContext } from './context.ts'

/** `GET /-/healthy` and `GET /-/ready`, as Prometheus has them. */
export function healthRoutes({ ready }: Pick<ExporterContext, 'ready'>): Router {
  return Router()
    .get('/-/healthy', (_request, response) => {
      response.type('text').send('Probity is Healthy.\n')
    })
    .get('/-/ready', (_request, response) => {
      if (ready()) response.type('text').send('Probity is Ready.\n')
      else response.status(503).type('text').send('Probity is stopping.\n')
    })
}
