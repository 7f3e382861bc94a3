import { Router } from 'express'
import { z } from 'zod'
import { apiErrors } from './errors.ts'
import { json, type Operation } from './operation.ts'
import { checkRange, moment, readQuery, text } from './query.ts'
import { name, seconds, time } from './scalars.ts'
import { errorAnswer, named } from './shapes.ts'

const hourMs = 3_600_000
const mostHours = 6
const mostDays = 8

const parameters = {
  from: moment('from', 'Default: an hour before the end.'),
  to: moment('to', 'Default: now.'),
  target: text(
    'target',
    `Only those of this target, of a range of at most ${mostDays} days. Default: of every target.`,
  ),
}

const checksAnswer = named(
  'Checks',
  z.strictObject({
    until: time.describe(
      'The checks that began before it are all here: if it is before `to`, ask again from it.',
    ),
    checks: z.array(
      z.strictObject({
        target: name,
        location: z.string().describe('Where it was made from.'),
        at: z.number().describe('When it began, Unix time in seconds.'),
        durationSeconds: seconds,
        failure: z
          .strictObject({ reason: z.string(), message: z.string() })
          .optional()
          .describe('Absent where it succeeded.'),
      }),
    ),
  }),
)

export const checksOperation: Operation = {
  method: 'get',
  path: '/api/v1/checks',
  summary: `The single checks of every target that began in a range of at most ${mostHours} hours. Only if results are stored.`,
  parameters: Object.values(parameters).map(({ doc }) => doc),
  answers: {
    200: json('The checks, the oldest first, and where to go on.', checksAnswer),
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
  /** The first so many of a range, the oldest first. */
  readonly checks: (
    range: { readonly from: Date; readonly to: Date },
    most: number,
    target?: string,
  ) => Promise<readonly Check[]>
  /** Checks in one answer, which is held in memory. Default 50,000. */
  readonly most?: number
  /** Unix milliseconds. */
  readonly now: () => number
}

export function checksRoute({ checks, now, most = 50_000 }: ChecksRouteOptions): Router {
  return Router()
    .get(checksOperation.path, async (request, response) => {
      const { target, ...range } = readQuery(request.query, parameters)
      const { to = new Date(now()), from = new Date(to.getTime() - hourMs) } = range
      const hours = target === undefined ? mostHours : 24 * mostDays
      checkRange({ from, to }, { ms: hours * hourMs, name: `${hours} hours` })
      const found = await checks({ from, to }, most + 1, target)
      response.set('Cache-Control', 'no-store').json(pageOf(found, most, { from, to }))
    })
    .use(apiErrors)
}

/** With more than fit, those that began in the same millisecond as the last one are left for the next answer. */
function pageOf(
  found: readonly Check[],
  most: number,
  { from, to }: { readonly from: Date; readonly to: Date },
): { readonly checks: readonly Check[]; readonly until: Date } {
  const last = found[most]
  if (!last) return { checks: found, until: to }
  // To the microsecond, as the database has it: the product of a binary fraction may be a little less than what was meant.
  const began = ({ at }: Check): number => Math.round(at * 1_000_000) / 1000
  const until = Math.max(Math.floor(began(last)), from.getTime() + 1)
  return { checks: found.filter((check) => began(check) < until), until: new Date(until) }
}
