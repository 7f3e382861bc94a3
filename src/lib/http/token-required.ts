import type { Request, RequestHandler } from 'express'

/** Lets those through who have shown a token of a scope, also where nothing else wants one. */
export function tokenRequired(scope: string, isKnown: (request: Request) => boolean): RequestHandler {
  return (request, response, next) => {
    response.set('Cache-Control', 'no-store')
    if (isKnown(request)) {
      next()
      return
    }
    response
      .status(401)
      .set('WWW-Authenticate', 'Bearer')
      .json({
        error: `a token of the scope ${scope} is required: create one with probity token create --name NAME --scope ${scope}`,
      })
  }
}
