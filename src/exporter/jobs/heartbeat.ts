import { Router, type Request } from 'express'
import type { HeartbeatCheck } from '../../checks/heartbeat/schema.ts'
import { listedTargets, type Config } from '../../config/config.ts'
import { bearerOf, sameSecret } from '../../lib/http/bearer.ts'
import { createCounts } from '../../lib/counts.ts'
import { isCrossSite } from '../../lib/http/cross-site.ts'
import { networkOf } from '../../lib/http/network-of.ts'
import { didYouMean } from '../../settings/values/closest.ts'
import type { ExporterContext } from '../context.ts'
import { allows, answerOf, part, quote, type TakeCall } from './call.ts'

/** Wrong tokens that one network may send for one job: a short token must not be found by trying. Other jobs are not affected. */
const maxWrongTokens = 30
const windowMs = 300_000

/**
 * `GET` or `POST /api/v1/heartbeat/NAME`: the job of the target has succeeded. Below it `/start`, `/fail`, `/log`, and the exit code of
 * the job, such as `/0`. What a `POST` carries says what happened.
 */
export function heartbeatRoute({ config, access, clock }: ExporterContext, takeCall: TakeCall): Router {
  const wrongTokens = createCounts(clock, { max: maxWrongTokens, windowMs })
  return Router().all(
    ['/api/v1/heartbeat/:name', '/api/v1/heartbeat/:name/:event'],
    async (request, response) => {
      if (!allows(['GET', 'POST'], request, response)) return
      const answer = answerOf(response)
      const name = part(request, 'name')
      const target = config().target(name)
      if (target?.check.kind !== 'heartbeat') {
        answer(404, `there is no heartbeat ${quote(name)}${suggestion(name, config())}`)
        return
      }
      const { check } = target
      const from = `${networkOf(access.addressOf(request))} ${name}`
      const wait = wrongTokens.wait(from)
      if (wait > 0) {
        response.set('Retry-After', String(Math.ceil(wait / 1000)))
        answer(
          429,
          `more than ${maxWrongTokens} wrong tokens for ${quote(name)} from this address in ${windowMs / 60_000} minutes`,
        )
        return
      }
      const problem = tokenProblem(request, check, access)
      if (problem !== undefined) {
        if (problem.status === 401) wrongTokens.count(from)
        response.set('WWW-Authenticate', 'Bearer')
        answer(problem.status, problem.words)
        return
      }
      if (check.token === undefined && isCrossSite(request)) {
        answer(403, 'refused: the request comes from a page of another site, without a token')
        return
      }
      await takeCall(request, response, target, part(request, 'event'))
    },
  )
}

function suggestion(name: string, config: Config): string {
  const jobs = listedTargets(config).filter(({ check }) => check.kind === 'heartbeat')
  const names = jobs.map((target) => target.name)
  return didYouMean(name, names)
}

/** The token of the target suffices, and so does one that may report for every job. */
function tokenProblem(
  request: Request,
  { token }: HeartbeatCheck,
  access: ExporterContext['access'],
): { readonly status: number; readonly words: string } | undefined {
  if (token === undefined) return access.refusal(request, 'heartbeat')
  const inQuery = request.query['token']
  const given =
    bearerOf(request.get('Authorization')) ??
    (typeof inQuery === 'string' && inQuery !== '' ? inQuery : undefined)
  if (given !== undefined && sameSecret(given, token)) return undefined
  // A browser sends what it is logged in with also where a page of another site leads it.
  if (!isCrossSite(request) && access.reportsForAll(request)) return undefined
  const missing = 'a token is required: send it as "Authorization: Bearer TOKEN" or ?token='
  return { status: 401, words: given === undefined ? missing : 'the token is wrong' }
}
