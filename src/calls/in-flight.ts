import type { RequestHandler, Response } from 'express'
import { createShares } from '../lib/http/shares.ts'

/** The words for a client that comes when no place is left for it. */
export const tooManyWords = (count: number): string =>
  `too many requests at the same time: there are ${count} places, and one address gets half of what others leave: try again`

/**
 * Lets so many requests be in progress at a time, because each holds its body in memory, and leaves places for other addresses,
 * because a body may come slowly. More are asked to try again, with status 503.
 *
 * @param refuse Sends the words.
 */
export function atMost(count: number, refuse: (response: Response, words: string) => void): RequestHandler {
  const shares = createShares(count)
  return (request, response, next) => {
    const giveBack = shares(request.socket.remoteAddress)
    if (!giveBack) {
      response.status(503).setHeader('Retry-After', '1')
      refuse(response, tooManyWords(count))
      return
    }
    response.once('close', giveBack)
    next()
  }
}
