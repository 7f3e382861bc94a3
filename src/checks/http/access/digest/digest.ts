import { randomBytes } from 'node:crypto'
import type { Exchange } from '../../exchange/http1.ts'
import type { HttpRequest } from '../../exchange/request.ts'
import { headerValues } from '../../headers.ts'
import type { Digest } from '../../settings/auth.ts'
import { parseChallenges } from './challenge.ts'
import { answerable, digestAuthorization, type DigestChallenge } from './response.ts'

/** HTTP Digest authentication (RFC 7616) for the requests of one check. */
export class DigestAccess {
  readonly #auth: Digest
  readonly #origin: string
  #challenge: DigestChallenge | undefined
  #count = 0
  #renewed = false

  /** @param url Of the check: its origin alone gets an answer. */
  constructor(auth: Digest, { origin }: URL) {
    this.#auth = auth
    this.#origin = origin
  }

  /** The request with the answer to the challenge, once there was one. */
  sign(request: HttpRequest): HttpRequest {
    const { url, method, target, headers } = request
    if (request.withheld || url.origin !== this.#origin) return { ...request, withheld: true }
    if (!this.#challenge) return request
    const authorization = digestAuthorization(this.#challenge, {
      ...this.#auth,
      method,
      uri: target ?? url.pathname + url.search,
      count: ++this.#count,
      clientNonce: randomBytes(16).toString('hex'),
    })
    return { ...request, headers: { ...headers, authorization } }
  }

  /**
   * Takes a challenge.
   *
   * @param request As it was sent.
   * @returns What the request is to be sent again for, once; nothing where the answer is the last word.
   */
  challenged({ withheld }: HttpRequest, { statusCode, headers }: Exchange): DigestChallenge | undefined {
    if (statusCode !== 401 || withheld) return undefined
    const challenge = answerable(parseChallenges(headerValues(headers, 'www-authenticate')))
    if (!challenge) return undefined
    if (this.#challenge) {
      // A server that refuses a fresh nonce refuses the credentials, or would refuse every nonce.
      if (!challenge.stale || this.#renewed) return undefined
      this.#renewed = true
    }
    this.#challenge = challenge
    this.#count = 0
    return challenge
  }
}
