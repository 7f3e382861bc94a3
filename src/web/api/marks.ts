import express, { Router } from 'express'
import { z } from 'zod'
import { ProbityError } from '../../lib/errors.ts'
import { cut, oneLine } from '../../lib/text/text.ts'
import type { Mark } from '../status/marks.ts'
import { apiErrors } from './errors.ts'
import { json, type Operation } from './operation.ts'
import { checkRange, moment, readQuery, text } from './query.ts'
import { errorAnswer, marksAnswer, named } from './shapes.ts'

const requestShape = named(
  'MarkRequest',
  z.strictObject({
    title: z.string().describe('What has changed, such as checkout 1.4.2.'),
    at: z.string().optional().describe('When, in RFC 3339. Default: now.'),
    target: z.string().optional().describe('The name of the target that it is about.'),
    labels: z
      .record(z.string(), z.string())
      .optional()
      .describe('Labels of the targets that it is about. Without target and labels: all targets.'),
    url: z.string().optional().describe('A link to it.'),
  }),
)

const dayMs = 86_400_000
const mostDays = 400

const parameters = {
  from: moment('from', 'Default: a day before the end.'),
  to: moment('to', 'Default: now.'),
  target: text('target', 'Only those that name this target, or none.'),
}

const wrong = json('What is wrong.', errorAnswer)
const unkept = json('The database does not take it now: try again.', errorAnswer)
const made = json('The mark.', marksAnswer)
const body = { type: 'application/json' }

/** Only where results are stored. */
export const marksOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/v1/marks',
    summary: `What has changed, the newest first, at most 1000 marks of at most ${mostDays} days.`,
    parameters: Object.values(parameters).map(({ doc }) => doc),
    answers: { 200: json('The marks.', marksAnswer), 400: wrong },
  },
  {
    method: 'post',
    path: '/api/v1/marks',
    summary: 'Says that something has changed, such as a deployment. Wants the scope marks.',
    body: { type: 'application/json', shape: requestShape },
    answers: { 201: made, 400: wrong, 404: json('There is no such target.', errorAnswer), 503: unkept },
  },
  ...(['github', 'gitlab'] as const).map((host): Operation => ({
    method: 'post',
    path: `/api/v1/marks/${host}`,
    summary: `Takes webhooks about deployments and releases. Wants the secret of --marks.secret-file, and is there only with it.`,
    parameters: [
      {
        name: 'target',
        in: 'query',
        description: 'The target that it is about.',
        schema: { type: 'string' },
      },
      {
        name: 'label',
        in: 'query',
        description: 'A label of the targets, name=value.',
        schema: { type: 'string' },
      },
    ],
    body,
    answers: {
      201: made,
      202: json('The event changes nothing that is running.', marksAnswer),
      400: wrong,
      401: json('The secret is missing or wrong.', errorAnswer),
      503: unkept,
    },
  })),
]

/** What the routes need of those who store marks and know targets. */
export interface MarksContext {
  /** @throws ProbityError `MARK_NOT_STORED` */
  readonly add: (mark: Mark) => Promise<void>
  readonly read: (range: { readonly from: Date; readonly to: Date }) => Promise<readonly Mark[]>
  readonly isTarget: (name: string) => boolean
  /** Unix time in milliseconds. */
  readonly now: () => number
}

/** `GET` and `POST /api/v1/marks`. */
export function marksRoute(context: MarksContext): Router {
  const { add, read, now } = context
  return Router()
    .get('/api/v1/marks', async (request, response) => {
      const asked = readQuery(request.query, parameters)
      const { to = new Date(now()), from = new Date(to.getTime() - dayMs), target } = asked
      checkRange({ from, to }, { ms: mostDays * dayMs, name: `${mostDays} days` })
      const marks = await read({ from, to })
      const chosen = marks.filter((mark) => target === undefined || (mark.target ?? target) === target)
      response.set('Cache-Control', 'no-store').json({ marks: chosen })
    })
    .post('/api/v1/marks', express.json({ limit: '16kb', inflate: false }), async (request, response) => {
      const parsed = requestShape.safeParse(request.body)
      if (!parsed.success) throw invalid(wordsOf(parsed.error))
      const { at, labels, ...given } = parsed.data
      const mark = checked(
        {
          ...given,
          source: 'api',
          at: at === undefined ? new Date(now()) : momentOf(at),
          ...(labels && { labels }),
        },
        context,
      )
      await add(mark)
      response.status(201).json({ marks: [mark] })
    })
    .use(apiErrors)
}

/**
 * A mark as it may be stored.
 *
 * @throws ProbityError `MARK_INVALID`, or `TARGET_UNKNOWN`.
 */
export function checked(
  mark: { [K in keyof Mark]: Mark[K] | undefined } & Pick<Mark, 'at' | 'title' | 'source'>,
  { isTarget, now }: Pick<MarksContext, 'isTarget' | 'now'>,
): Mark {
  const { at, source, url, target, labels } = mark
  const title = cut(oneLine(mark.title), 200)
  if (title === '') throw invalid('title is empty: expected what has changed, such as checkout 1.4.2')
  if (at.getTime() > now() + dayMs) throw invalid('at is more than a day in the future')
  if (target !== undefined && !isTarget(target))
    throw new ProbityError('TARGET_UNKNOWN', `there is no target ${JSON.stringify(target.slice(0, 200))}`)
  if (url !== undefined && !(url.length <= 1000 && /^https?:\/\/\S+$/i.test(url) && URL.canParse(url)))
    throw invalid('url is not an http or https URL of at most 1000 characters')
  const pairs = Object.entries(labels ?? {})
  if (
    pairs.length > 20 ||
    pairs.some(([name, value]) => !/^[a-zA-Z_]\w{0,99}$/.test(name) || value.length > 200)
  )
    throw invalid('labels are not valid: expected at most 20, such as {"team": "shop"}')
  return {
    at,
    title,
    source,
    ...(url !== undefined && { url }),
    ...(target !== undefined && { target }),
    ...(pairs.length > 0 && { labels: Object.fromEntries(pairs) }),
  }
}

function momentOf(given: string): Date {
  try {
    return parameters.from.read(given)
  } catch {
    throw invalid('at is not a time: expected one such as 2026-11-21T03:00:00Z, or Unix time in seconds')
  }
}

function wordsOf({ issues: [issue] }: z.ZodError): string {
  if (issue?.code === 'unrecognized_keys') return `there is no key ${issue.keys.join(', ').slice(0, 100)}`
  const where = issue?.path.map(String).join('.') ?? ''
  return where === ''
    ? 'the body is not a JSON object: expected Content-Type: application/json'
    : `${where} is missing or is not a text`
}

function invalid(message: string): ProbityError {
  return new ProbityError('MARK_INVALID', message)
}
