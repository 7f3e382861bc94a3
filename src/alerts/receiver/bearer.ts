import { createHash, timingSafeEqual } from 'node:crypto'
import type { RequestHandler } from 'express'

/**
 * Lets requests through that carry the secret as `Authorization: Bearer SECRET` and answers 401 to all others, whose body it
 * does not read.
 *
 * @param token The secret that is in force now.
 */
export function requireBearer(token: () => string): RequestHandler {
  return (request, response, next) => {
    const given = /^Bearer +(\S+)$/i.exec(request.get('Authorization') ?? '')?.[1]
    if (given !== undefined && equal(given, token())) {
      next()
      return
    }
    const problem = given === undefined ? 'a bearer token is required' : 'the bearer token is wrong'
    response.status(401).set('WWW-Authenticate', 'Bearer').type('text').send(`${problem}\n`)
  }
}

/** Takes the same time whatever differs. */
function equal(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
