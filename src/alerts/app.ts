import express, { type ErrorRequestHandler, type Express } from 'express'
import type { Registry } from 'prom-client'
import type { Logger } from '../lib/logger.ts'
import { receiver, type ReceiverOptions } from './receiver.ts'
import { undeliveredRoute, type UndeliveredOptions } from './undelivered.ts'

export interface NotifierAppOptions extends ReceiverOptions, UndeliveredOptions {
  readonly registry: Registry
  /** False once the notifier is stopping. */
  readonly ready: () => boolean
}

/** The notifier's HTTP surface: the receiver, what could not be delivered, /metrics, and the health pages as Prometheus has them. */
export function notifierApp(options: NotifierAppOptions): Express {
  const { registry, ready, log } = options
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(receiver(options))
  app.use(undeliveredRoute(options))
  app.get('/metrics', async (_request, response) => {
    response.set('Content-Type', registry.contentType).send(await registry.metrics())
  })
  app.get('/-/healthy', (_request, response) => {
    response.type('text').send('Probity is Healthy.\n')
  })
  app.get('/-/ready', (_request, response) => {
    if (ready()) response.type('text').send('Probity is Ready.\n')
    else response.status(503).type('text').send('Probity is stopping.\n')
  })
  app.use((request, response) => {
    response
      .status(404)
      .type('text')
      .send(`no page at ${request.path.slice(0, 200)}\n`)
  })
  app.use(internalError(log))
  return app
}

function internalError(log: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    log.error({ err: error }, 'request failed')
    if (response.headersSent) next(error)
    else response.status(500).type('text').send('internal error: the log of Probity has the details\n')
  }
}
