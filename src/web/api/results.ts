import express, { Router, type Request, type RequestHandler } from 'express'
import { createShares } from '../../lib/http/shares.ts'
import { apiErrors } from './errors.ts'

/** Who sends a request: the name of its token, or why it may not. */
export type Sender = { readonly name: string } | { readonly status: 400 | 401 | 403; readonly words: string }

export interface ResultsRouteOptions {
  /**
   * Stores the checks of a location.
   *
   * @returns What to answer.
   * @throws ProbityError `RESULTS_INVALID`, `LOCATION_TAKEN` or `RESULTS_NOT_STORED`.
   */
  readonly receive: (location: string, body: unknown) => Promise<object>
  readonly senderOf: (request: Request) => Sender
  /** Bytes of a body at most. */
  readonly mostBytes: number
}

/** Requests at the same time: each holds its body in memory. */
const mostRequests = 8

/** `POST /api/v1/results`: a box reports its checks. The answer comes when they are stored. */
export function resultsRoute({ receive, senderOf, mostBytes }: ResultsRouteOptions): Router {
  const senders = new WeakMap<Request, string>()
  const shares = createShares(mostRequests)

  /** Before a body is read. */
  const admit: RequestHandler = (request, response, next) => {
    response.set('Cache-Control', 'no-store')
    const sender = senderOf(request)
    if ('status' in sender) {
      if (sender.status !== 400) response.set('WWW-Authenticate', 'Bearer')
      response.status(sender.status).type('text').send(`${sender.words}\n`)
      return
    }
    const giveBack = shares(request.socket.remoteAddress)
    if (!giveBack) {
      const error = 'too much is being reported at the same time: try again'
      response.status(503).set('Retry-After', '1').json({ error })
      return
    }
    response.once('close', giveBack)
    senders.set(request, sender.name)
    next()
  }

  const body = express.json({ limit: mostBytes, inflate: false })
  return Router()
    .post('/api/v1/results', admit, body, async (request, response) => {
      response.json(await receive(senders.get(request) ?? '', request.body))
    })
    .use(apiErrors)
}
