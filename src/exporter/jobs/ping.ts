import { Router, type Request, type Response } from 'express'
import type { Target } from '../../config/target/target.ts'
import { listedTargets, type Config } from '../../config/config.ts'
import { sameSecret } from '../../lib/http/bearer.ts'
import type { ExporterContext } from '../context.ts'
import { allows, answerOf, part, quote, readEvent, type TakeCall } from './call.ts'

/**
 * The addresses of healthchecks.io, so that a job that calls there only has to change the host: `/ping/TOKEN`, where the token of the
 * target is the UUID of the check, and `/ping/TOKEN/NAME` where several targets have the same token, as a ping key. Below them `/start`,
 * `/fail`, `/log` and exit codes. Source: healthchecks.io/docs/http_api.
 */
export function pingRoute({ config }: Pick<ExporterContext, 'config'>, takeCall: TakeCall): Router {
  const take = async (request: Request, response: Response): Promise<void> => {
    if (!allows(['GET', 'HEAD', 'POST'], request, response)) return
    const answer = answerOf(response)
    const [token, second, third] = [part(request, 'token'), part(request, 'name'), part(request, 'event')]
    // A target may be called like an event: then the address has both.
    const isEvent = third === '' && readEvent(second, '') !== undefined
    const [name, event] = isEvent ? ['', second] : [second, third]
    const known = withToken(config(), token)
    const [target, another] = name === '' ? known : known.filter((one) => one.name === name)
    if (!target) answer(404, 'there is no heartbeat with this token and name')
    else if (another)
      answer(409, `several heartbeats have this token: call /ping/TOKEN/NAME, such as ${quote(target.name)}`)
    else await takeCall(request, response, target, event)
  }
  return Router().all(['/ping/:token', '/ping/:token/:name', '/ping/:token/:name/:event'], take)
}

/** Characters of a token that opens an address by itself: a shorter one could be guessed, since anybody may try. */
const leastLength = 16

/** Compares with all of them, so that the time that it takes says nothing. */
function withToken(config: Config, token: string): Target[] {
  if (token.length < leastLength) return []
  return listedTargets(config).filter(
    ({ check }) => check.kind === 'heartbeat' && check.token !== undefined && sameSecret(token, check.token),
  )
}
