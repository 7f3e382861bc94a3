import express, { Router, type ErrorRequestHandler, type RequestHandler } from 'express'
import { messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { AlertSink } from '../alert.ts'
import { requireBearer } from './bearer.ts'
import { parseWebhookMessage, PayloadError } from './webhook-payload.ts'

export interface ReceiverOptions {
  /** The secret that is in force now. */
  readonly token: () => string
  readonly sink: AlertSink
  readonly log: Logger
}

/** Bytes of a request that are read at most: 1 MiB. */
export const maxBodyBytes = 1024 * 1024

/**
 * `POST /api/v1/alerts`: takes the webhook messages of Alertmanager. It answers 200 once the sink has taken every alert, 503
 * when it has not, so that Alertmanager sends the message again, and 4xx for what no repetition would mend.
 */
export function receiver({ token, sink, log }: ReceiverOptions): Router {
  const path = '/api/v1/alerts'
  const accept: RequestHandler = async (request, response) => {
    const { alerts, truncatedAlerts } = parseWebhookMessage(request.body)
    if (truncatedAlerts > 0)
      log.warn({ truncatedAlerts }, 'Alertmanager truncated the list of alerts: raise max_alerts')
    try {
      await sink(alerts)
    } catch (error) {
      log.error(
        { alerts: alerts.length },
        `alerts refused, Alertmanager will send them again: ${messageOf(error)}`,
      )
      response.status(503).type('text').send('the alerts could not be stored: try again\n')
      return
    }
    response.type('text').send(`alerts accepted: ${alerts.length}\n`)
  }
  return Router()
    .post(
      path,
      requireBearer(token),
      requireJson,
      express.json({ limit: maxBodyBytes, inflate: false }),
      accept,
    )
    .all(path, (_request, response) => {
      response.status(405).set('Allow', 'POST').type('text').send('only POST is allowed here\n')
    })
    .use(clientErrors)
}

const requireJson: RequestHandler = (request, response, next) => {
  if (/^application\/json\s*(?:;|$)/i.test(request.get('Content-Type') ?? '')) {
    next()
    return
  }
  response.status(415).type('text').send('the content type must be application/json\n')
}

/** What Express' JSON reader and the payload's schema object to, on one line. Everything else is passed on. */
const clientErrors: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  const status = error instanceof PayloadError ? 400 : statusOf(error)
  if (status === undefined || response.headersSent) {
    next(error)
    return
  }
  const words = status === 413 ? `the body must not exceed ${maxBodyBytes} bytes` : messageOf(error)
  response
    .status(status)
    .type('text')
    .send(`${words.replace(/\s+/g, ' ')}\n`)
}

function statusOf(error: unknown): number | undefined {
  const status = error instanceof Error && 'status' in error ? error.status : undefined
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined
}
