import express, { Router, type Request } from 'express'
import { z } from 'zod'
import { ProbityError } from '../../lib/errors.ts'
import type { Silencing } from '../status/silences.ts'
import { apiErrors } from './errors.ts'
import { json, type Operation } from './operation.ts'
import { readQuery } from './query.ts'
import { errorAnswer, named } from './shapes.ts'

const time = z.iso.datetime().describe('UTC.')

const silence = named(
  'Silence',
  z.strictObject({
    id: z.string(),
    match: z.string().describe('Matchers in the syntax of Alertmanager.'),
    startsAt: time,
    endsAt: time,
    createdBy: z.string(),
    comment: z.string().describe('Why.'),
    acknowledges: z
      .strictObject({ alertname: z.string(), target: z.string() })
      .optional()
      .describe('The alert that somebody takes care of. Absent: it is about whatever matches.'),
  }),
)

export const silencesAnswer = named('Silences', z.strictObject({ silences: z.array(silence) }))

const by = z.string().optional().describe('Your name. Only used if nobody has to log in.')
const length = z.string().optional().describe('A duration such as 2h.')

const silenceBody = named(
  'SilenceRequest',
  z.strictObject({
    match: z
      .string()
      .describe('The name of a target, or matchers such as severity="warning",team=~"shop|pay".'),
    for: length,
    until: z.string().optional().describe('A time such as 2026-11-21T03:00:00Z, in place of `for`.'),
    comment: z.string().optional().describe('Why. Required.'),
    by,
  }),
)

const acknowledgeBody = named(
  'AcknowledgeRequest',
  z.strictObject({
    target: z.string(),
    alertname: z.string().optional().describe('Default: all alerts of the target that fire.'),
    for: length,
    comment: z.string().optional(),
    by,
  }),
)

const linksBody = named(
  'LinksRequest',
  z.strictObject({
    alerts: z
      .array(z.strictObject({ fingerprint: z.string().max(100), startsAt: time }))
      .max(100)
      .describe('Alerts that fire, with the fingerprints of Alertmanager.'),
  }),
)

export const linksAnswer = named(
  'Links',
  z.strictObject({
    links: z.array(
      z.strictObject({
        fingerprint: z.string(),
        acknowledge: z.string().describe('For /silences/link?t=.'),
        silence: z.string(),
      }),
    ),
  }),
)

interface LinkedAlert {
  readonly fingerprint: string
  readonly startsAt: Date
}

interface LinkTokens {
  readonly acknowledge: string
  readonly silence: string
}

/** Bytes of a request. */
const maxBody = '16kb'

const root = '/api/v1/silences'
const silences = json('The silences.', silencesAnswer)
const wrong = json('What is wrong.', errorAnswer)
const away = json('Alertmanager does not answer, or refuses.', errorAnswer)
const full = json('There are too many silences already.', errorAnswer)
const unkept = json('The silence cannot be stored, so it is not in force.', errorAnswer)

/** Where nobody can be silenced by this process, there are no such routes. */
export const silencesOperations: readonly Operation[] = [
  {
    method: 'get',
    path: root,
    summary:
      'The silences that are in force or will be. Of solo, and of an exporter with --alertmanager.url.',
    answers: { 200: silences, 400: wrong, 502: away },
  },
  {
    method: 'post',
    path: root,
    summary: 'Silences alerts: for some time, nobody is notified that they fire. Wants the scope silence.',
    body: { type: 'application/json', shape: silenceBody },
    answers: { 201: silences, 400: wrong, 409: full, 502: away, 503: unkept },
  },
  {
    method: 'post',
    path: `${root}/acknowledge`,
    summary: 'Silences alerts of a target that fire, until they end or for a day. Wants the scope silence.',
    body: { type: 'application/json', shape: acknowledgeBody },
    answers: { 201: silences, 400: wrong, 409: full, 502: away, 503: unkept },
  },
  {
    method: 'post',
    path: `${root}/links`,
    summary:
      'Makes the links with which messages silence or acknowledge alerts, for the notifier. Wants the scope silence.',
    body: { type: 'application/json', shape: linksBody },
    answers: {
      200: json('Texts that nobody can guess, for each alert.', linksAnswer),
      400: wrong,
      404: json('There is no Alertmanager here, or no folder for a key.', errorAnswer),
    },
  },
  {
    method: 'delete',
    path: `${root}/{id}`,
    summary: 'Ends a silence. Wants the scope silence.',
    parameters: [{ name: 'id', in: 'path', description: 'Of the silence.', schema: { type: 'string' } }],
    answers: {
      200: silences,
      404: json('There is no such silence, or it has ended.', errorAnswer),
      502: away,
    },
  },
]

export interface SilencesRouteOptions {
  readonly silencing: Silencing
  /** Makes the links of messages about an alert. Default: there are none. */
  readonly tokensFor?: ((alert: LinkedAlert) => LinkTokens) | undefined
  /** Who sends a request; undefined where nobody has to say it. */
  readonly callerOf: (request: Request) => string | undefined
}

/** `GET`, `POST` and `DELETE /api/v1/silences`. */
export function silencesRoute({ silencing, tokensFor, callerOf }: SilencesRouteOptions): Router {
  const body = express.json({ limit: maxBody, inflate: false })
  const whoOf = (request: Request, said: string | undefined): string => callerOf(request) ?? said ?? ''
  return Router()
    .get('/api/v1/silences', async (request, response) => {
      readQuery(request.query, {})
      response.set('Cache-Control', 'no-store').json({ silences: await silencing.list() })
    })
    .post('/api/v1/silences', body, async (request, response) => {
      const { by: said, ...wanted } = read(silenceBody, request)
      response.status(201).json({ silences: await silencing.silence(wanted, whoOf(request, said)) })
    })
    .post('/api/v1/silences/acknowledge', body, async (request, response) => {
      const { by: said, ...wanted } = read(acknowledgeBody, request)
      response.status(201).json({ silences: await silencing.acknowledge(wanted, whoOf(request, said)) })
    })
    .post('/api/v1/silences/links', body, (request, response) => {
      const { alerts } = read(linksBody, request)
      if (!tokensFor) throw new ProbityError('LINK_INVALID', 'this Probity makes no links for others')
      const links = alerts.map(({ fingerprint, startsAt }) => ({
        fingerprint,
        ...tokensFor({ fingerprint, startsAt: new Date(startsAt) }),
      }))
      response.set('Cache-Control', 'no-store').json({ links })
    })
    .delete('/api/v1/silences/:id', async (request, response) => {
      const { id } = request.params
      response.json({ silences: [await silencing.end(id, whoOf(request, undefined))] })
    })
    .use(apiErrors)
}

function read<T extends z.ZodType>(shape: T, request: Request): z.infer<T> {
  const result = shape.safeParse(request.body)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const where = issue?.path.join('.') ?? ''
  const keys =
    issue?.code === 'unrecognized_keys' ? `there is no key ${issue.keys.join(', ').slice(0, 100)}` : ''
  const what =
    where === ''
      ? keys || 'the body is not a JSON object: expected Content-Type: application/json'
      : `${where} is missing or is not a text`
  throw new ProbityError('SILENCE_INVALID', what)
}
