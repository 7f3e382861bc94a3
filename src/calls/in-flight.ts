import type { RequestHandler, Response } from 'express'

/**
 * Lets so many requests be in progress at a time, because each holds its body in memory. More are asked to try again, with
 * status 503.
 *
 * @param refuse Sends the words.
 */
export function atMost(count: number, refuse: (response: Response, words: string) => void): RequestHandler {
  let open = 0
  return (_request, response, next) => {
    if (open >= count) {
      response.status(503).setHeader('Retry-After', '1')
      refuse(response, `more than ${count} requests at the same time: try again`)
      return
    }
    open++
    response.once('close', () => {
      open--
    })
    next()
  }
}
