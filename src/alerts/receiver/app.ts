import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import { healthRoutes, type HealthOptions } from '../../lib/http/health.ts'
import type { Logger } from '../../lib/logger.ts'
import { noPage } from '../../lib/http/no-page.ts'
import { metricsRoute, type MetricsRouteOptions } from '../../metrics/route.ts'
import { receiver, type ReceiverOptions } from './receiver.ts'
import { peerRoute, type PeerRouteOptions } from '../peers/route.ts'
import { undeliveredRoute, type UndeliveredOptions } from '../delivery/undelivered.ts'

export interface NotifierAppOptions
  extends ReceiverOptions, UndeliveredOptions, MetricsRouteOptions, HealthOptions, PeerRouteOptions {
  /** Refuses who may not use a route. */
  readonly guard: RequestHandler
}

/** The notifier's HTTP surface: the receiver, what could not be delivered, the peer, /metrics, and the health pages as Prometheus has them. */
export function notifierApp(options: NotifierAppOptions): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(options.guard)
  app.use(receiver(options))
  app.use(undeliveredRoute(options))
  app.use(peerRoute(options))
  app.use(metricsRoute(options))
  app.use(healthRoutes(options))
  app.use(noPage)
  app.use(internalError(options.log))
  return app
}

function internalError(log: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    log.error({ err: error }, 'request failed')
    if (response.headersSent) next(error)
    else response.status(500).type('text').send('internal error: see the log of Probity for details\n')
  }
}
