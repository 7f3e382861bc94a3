import type { RequestHandler } from 'express'

/** Answers what no route has: 404 and one line. */
export const noPage: RequestHandler = (request, response) => {
  response
    .status(404)
    .type('text')
    .send(`no page at ${request.path.slice(0, 200)}\n`)
}
