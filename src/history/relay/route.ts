import type { ServerResponse } from 'node:http'
import express, { Router, type Request, type RequestHandler } from 'express'
import { codeOf, messageOf } from '../../lib/errors.ts'
import { createShares } from '../../lib/http/shares.ts'
import type { Receive } from './receive.ts'
import { mostBytes } from './wire.ts'

/** Who sends a request: the name of its token, or why it may not. */
export type Sender = { readonly name: string } | { readonly status: 400 | 401 | 403; readonly words: string }

export interface ResultsRouteOptions {
  readonly receive: Receive
  readonly senderOf: (request: Request) => Sender
}

export const resultsPath = '/api/v1/results'

/** How somebody is refused who may not report. The status is set. */
export function refuseResults(
  _request: unknown,
  response: ServerResponse,
  { words }: { readonly words: string },
): void {
  response.setHeader('Content-Type', 'application/json; charset=utf-8')
  response.end(JSON.stringify({ error: words }))
}

/** Requests at the same time: each holds its body in memory. */
const mostRequests = 8

const statuses: Readonly<Record<string, number>> = {
  RESULTS_INVALID: 400,
  LOCATION_TAKEN: 409,
  RESULTS_NOT_STORED: 503,
}

/** `POST /api/v1/results`: a box reports its checks. The answer comes when they are stored. */
export function resultsRoute({ receive, senderOf }: ResultsRouteOptions): Router {
  const senders = new WeakMap<Request, string>()
  const shares = createShares(mostRequests)

  /** Before a body is read. */
  const admit: RequestHandler = (request, response, next) => {
    response.set('Cache-Control', 'no-store')
    const sender = senderOf(request)
    if ('status' in sender) {
      if (sender.status !== 400) response.set('WWW-Authenticate', 'Bearer')
      response.status(sender.status).json({ error: sender.words })
      return
    }
    const giveBack = shares(request.socket.remoteAddress)
    if (!giveBack) {
      response
        .status(503)
        .set('Retry-After', '1')
        .json({ error: 'too much is being reported at the same time: try again' })
      return
    }
    response.once('close', giveBack)
    senders.set(request, sender.name)
    next()
  }

  return Router().post(
    resultsPath,
    admit,
    express.json({ limit: mostBytes, inflate: false }),
    async (request, response) => {
      try {
        response.json(await receive(senders.get(request) ?? '', request.body))
      } catch (error) {
        const status = statuses[codeOf(error) ?? '']
        if (status === undefined) throw error
        if (status === 503) response.set('Retry-After', '5')
        response.status(status).json({ error: messageOf(error) })
      }
    },
  )
}
