import { Router } from 'express'
import { ProbityError } from '../../lib/errors.ts'
import { apiErrors } from './errors.ts'
import { json, type Operation } from './operation.ts'
import { moment, readQuery } from './query.ts'
import { checksAnswer, errorAnswer } from './shapes.ts'

const hourMs = 3_600_000
const mostHours = 6

const parameters = {
  from: moment('from', 'Default: an hour before the end.'),
  to: moment('to', 'Default: now.'),
}

export const checksOperation: Operation = {
  method: 'get',
  path: '/api/v1/checks',
  summary: `The single checks of every target that began in a range of at most ${mostHours} hours. Only if results are stored.`,
  parameters: Object.values(parameters).map(({ doc }) => doc),
  answers: {
    200: json('The checks, in no particular order.', checksAnswer),
    400: json('What is wrong.', errorAnswer),
  },
}

/** One check that is stored. */
interface Check {
  readonly target: string
  readonly location: string
  /** Unix seconds. */
  readonly at: number
  readonly durationSeconds: number
  readonly failure?: { readonly reason: string; readonly message: string }
}

export interface ChecksRouteOptions {
  readonly checks: (range: { readonly from: Date; readonly to: Date }) => Promise<readonly Check[]>
  /** Unix milliseconds. */
  readonly now: () => number
}

export function checksRoute({ checks, now }: ChecksRouteOptions): Router {
  return Router()
    .get(checksOperation.path, async (request, response) => {
      const { to = new Date(now()), from = new Date(to.getTime() - hourMs) } = readQuery(
        request.query,
        parameters,
      )
      const length = to.getTime() - from.getTime()
      if (length <= 0 || length > mostHours * hourMs) {
        const wrong = length > 0 ? `is more than ${mostHours} hours before` : 'is not before'
        throw new ProbityError(
          'QUERY_INVALID',
          `from ${wrong} to: ${from.toISOString()}, ${to.toISOString()}`,
        )
      }
      response.set('Cache-Control', 'no-store').json({ checks: await checks({ from, to }) })
    })
    .use(apiErrors)
}
