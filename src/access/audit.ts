import type { IncomingMessage, ServerResponse } from 'node:http'
import { safeMethods } from '../lib/http/cross-site.ts'
import type { Logger } from '../lib/logger.ts'
import type { Clock } from '../lib/time/clock.ts'
import { nameOf, type Caller } from './caller.ts'
import { createCounts } from '../lib/counts.ts'
import { visitorOf } from './visitors.ts'

/** Says in the log who has changed what, and who was not let in: lines with `audit: true`. */
export interface Audit {
  /** A request has come. @param path Without a query. */
  readonly request: (request: IncomingMessage, response: ServerResponse, path: string) => void
  readonly loggedIn: (caller: Caller, address: string) => void
  readonly loggedOut: (name: string, address: string) => void
  /** Somebody was not let in. @param why In words. */
  readonly refused: (address: string, why: string) => void
  /** It could not be found out who somebody is. */
  readonly failed: (error: unknown) => void
}

export interface AuditOptions {
  readonly log: Logger
  readonly clock: Clock
  readonly addressOf: (request: IncomingMessage) => string
}

/** Refusals that are logged in a minute, of one address and of all: a flood of them must not fill the disk. */
const [maxOfAddress, maxOfAll] = [10, 100]

/** What changes nothing that matters: what is sent all the time, and what has its own lines. */
const notLogged: ReadonlySet<string> = new Set([
  ...['calls', 'results', 'peer'],
  ...['public', 'own secret', 'read', 'probe', 'report'],
])

/** Makes an audit log. */
export function createAudit({ log, clock, addressOf }: AuditOptions): Audit {
  const ofAddress = createCounts(clock, { max: maxOfAddress, windowMs: 60_000 })
  const ofAll = createCounts(clock, { max: maxOfAll, windowMs: 60_000 })

  function refused(address: string, why: string): void {
    if (ofAddress.wait(address) > 0 || ofAll.wait('') > 0) return
    ofAddress.count(address)
    ofAll.count('')
    log.warn({ audit: true, address, why }, 'access refused')
  }

  return {
    request(request, response, path) {
      const { caller, wrong, route } = visitorOf(request)
      if (wrong && route.wants !== 'own secret' && route.wants !== 'public')
        refused(addressOf(request), wrong.words)
      const method = request.method ?? ''
      if (safeMethods.has(method) || notLogged.has(route.wants)) return
      const address = addressOf(request)
      response.once('finish', () => {
        const by = caller ? { by: nameOf(caller), how: caller.how } : { by: 'nobody in particular' }
        const { statusCode: status } = response
        if (status !== 401 && status !== 404 && status !== 429)
          log.info(
            { audit: true, ...by, address, method, path: path.slice(0, 200), status },
            'change requested',
          )
      })
    },
    loggedIn(caller, address) {
      log.info({ audit: true, by: caller.name, how: caller.how, address }, 'logged in')
    },
    loggedOut(name, address) {
      log.info({ audit: true, by: name, address }, 'logged out')
    },
    refused,
    failed(error) {
      log.error({ err: error }, 'a request could not be identified')
    },
  }
}
