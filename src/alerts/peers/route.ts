import express, { Router, type Request } from 'express'
import { codeOf, messageOf } from '../../lib/errors.ts'
import { tokenRequired } from '../../lib/http/token-required.ts'
import type { PeerMessage } from './message.ts'

export interface PeerRouteOptions {
  /** Takes a message; undefined where no peer is configured. */
  readonly receive: () => ((message: unknown) => Promise<PeerMessage>) | undefined
  /** Whether a request has a token of the scope `peer`. */
  readonly isKnown: (request: Request) => boolean
}

/** Bytes of a message: 20,000 entries of what was sent, and the alerts that fire. */
const maxBody = '16mb'

/**
 * `POST /api/v1/peer`: what one solo says to the other. It wants a token also where nothing else does: who can say that alerts were
 * sent can keep them from being sent.
 */
export function peerRoute({ receive, isKnown }: PeerRouteOptions): Router {
  const body = express.json({ limit: maxBody, inflate: false })
  const known = tokenRequired('peer', isKnown)
  return Router().post('/api/v1/peer', known, body, async (request, response) => {
    const take = receive()
    if (!take) {
      response.status(404).json({ error: 'no peer is configured here: add peers: to notify.yml' })
      return
    }
    try {
      response.json(await take(request.body))
    } catch (error) {
      if (codeOf(error) !== 'PEER_INVALID') throw error
      response.status(400).json({ error: messageOf(error) })
    }
  })
}
