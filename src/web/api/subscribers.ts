import { Router, type Request } from 'express'
import { z } from 'zod'
import { ProbityError } from '../../lib/errors.ts'
import { tokenRequired } from '../../lib/http/token-required.ts'
import { apiErrors } from './errors.ts'
import { json, type Operation } from './operation.ts'
import { readQuery, text } from './query.ts'
import { time } from './scalars.ts'
import { errorAnswer, named } from './shapes.ts'

export const subscribersAnswer = named(
  'Subscribers',
  z.strictObject({
    subscribers: z.array(
      z.strictObject({
        page: z.string().describe('The path of the public page.'),
        address: z.string(),
        askedAt: time,
        confirmedAt: time.optional().describe('Absent until the link of the first mail was used.'),
      }),
    ),
  }),
)

/** Which subscribers are meant. */
interface Asked {
  readonly page?: string | undefined
  readonly address?: string | undefined
}

interface Subscriber {
  readonly page: string
  readonly address: string
  readonly askedAt: Date
  readonly confirmedAt?: Date
}

const parameters = {
  address: text('address', 'Only this address. Required to delete.'),
  page: text('page', 'Only those of the public page with this path. Default: all.'),
}

export const subscribersPath = '/api/v1/subscribers'

const shared = {
  path: subscribersPath,
  parameters: Object.values(parameters).map(({ doc }) => doc),
  answers: {
    200: json('The subscribers.', subscribersAnswer),
    400: json('What is wrong.', errorAnswer),
    401: json('The token is missing.', errorAnswer),
    503: json('The database does not answer.', errorAnswer),
  },
}

export const subscribersOperations: readonly Operation[] = [
  {
    method: 'get',
    ...shared,
    summary:
      'Who gets the news of public pages by e-mail, or has asked for them. Wants the scope subscribers, also where nothing else wants a token. Only if results are stored.',
  },
  {
    method: 'delete',
    ...shared,
    summary: 'Forgets a subscriber, and answers what was known. Wants the scope subscribers.',
  },
]

export interface SubscribersRouteOptions {
  /** Whether a request comes from somebody who may see the addresses. */
  readonly isKnown: (request: Request) => boolean
  readonly list: (asked: Asked) => Promise<readonly Subscriber[]>
  readonly remove: (asked: Asked) => Promise<readonly Subscriber[]>
}

/** `GET` and `DELETE /api/v1/subscribers`. They want a token also where nothing else does: the addresses are those of people. */
export function subscribersRoute({ isKnown, list, remove }: SubscribersRouteOptions): Router {
  const known = tokenRequired('subscribers', isKnown)
  return Router()
    .get('/api/v1/subscribers', known, async (request, response) => {
      response.json({ subscribers: await list(readQuery(request.query, parameters)) })
    })
    .delete('/api/v1/subscribers', known, async (request, response) => {
      const asked = readQuery(request.query, parameters)
      if (asked.address === undefined)
        throw new ProbityError(
          'QUERY_INVALID',
          'address is missing: name the address that is to be forgotten',
        )
      response.json({ subscribers: await remove(asked) })
    })
    .use(apiErrors)
}
