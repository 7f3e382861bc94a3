import type { RequestHandler } from 'express'
import { bearerOf, sameSecret } from '../../lib/http/bearer.ts'

/**
 * Lets requests through that carry the secret as `Authorization: Bearer SECRET` and answers 401 to all others, whose body it
 * does not read.
 *
 * @param token The secret that is in force now.
 */
export function requireBearer(token: () => string): RequestHandler {
  return (request, response, next) => {
    const given = bearerOf(request.get('Authorization'))
    if (given !== undefined && sameSecret(given, token())) {
      next()
      return
    }
    const problem = given === undefined ? 'a bearer token is required' : 'the bearer token is wrong'
    response.status(401).set('WWW-Authenticate', 'Bearer').type('text').send(`${problem}\n`)
  }
}
