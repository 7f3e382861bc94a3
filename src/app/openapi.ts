import { Router } from 'express'
import { z } from 'zod'
import { mostChecks, receivedAnswer, reportedCheck, resultsPath } from '../history/relay/wire.ts'
import { openApi } from '../web/api/openapi.ts'
import { json, type Operation, type Parameter } from '../web/api/operation.ts'
import { checksOperation } from '../web/api/checks.ts'
import { commandRunsOperation } from '../web/api/command-runs.ts'
import { explanationOperation } from '../web/api/explanation.ts'
import { silencesOperations } from '../web/api/silences.ts'
import { marksOperations } from '../web/api/marks.ts'
import { reportOperation } from '../web/api/report.ts'
import { statusOperations } from '../web/api/routes.ts'
import { subscribersOperations } from '../web/api/subscribers.ts'
import { errorAnswer, named } from '../web/api/shapes.ts'

const count = z.int().nonnegative()

/** What `POST /api/v1/calls` answers. */
export const callsAnswer = named(
  'AcceptedCalls',
  z.strictObject({
    accepted: count,
    malformed: count.describe('Lines that could not be read as calls.'),
    unknown_version: count.describe('Lines in an unknown version of the format.'),
    too_long: count,
  }),
)

const line = (description: string) => ({ description, content: { type: 'text/plain' } })

function query(
  name: string,
  description: string,
  schema: Parameter['schema'] = { type: 'string' },
): Parameter {
  return { name, in: 'query', description, schema }
}

function path(name: string, description: string): Parameter {
  return { name, in: 'path', description, schema: { type: 'string' } }
}

const callsOperation: Operation = {
  method: 'post',
  path: '/api/v1/calls',
  summary:
    'Reports calls over HTTP, for programs that cannot send UDP. The body has the same lines as a datagram.',
  body: { type: 'text/plain' },
  answers: {
    200: json('How many were accepted.', callsAnswer),
    403: line('The request comes from a page of another site.'),
    413: line('More than 1 MB.'),
    503: line('More than 128 requests at the same time, or more than the share of one address.'),
  },
}

const resultsOperation: Operation = {
  method: 'post',
  path: resultsPath,
  summary:
    'Reports checks of another location, as --report-to does. Wants a token of scope results: its name is the location. Only if results are stored.',
  body: {
    type: 'application/json',
    shape: named('ReportedChecks', z.object({ checks: z.array(reportedCheck).min(1).max(mostChecks) })),
  },
  answers: {
    200: json('They are stored, apart from those that are refused.', named('ReceivedChecks', receivedAnswer)),
    400: json('It is not a batch of checks.', errorAnswer),
    401: line('The token is missing or wrong.'),
    403: line('The token does not have the scope.'),
    409: json('The token has the name of the location of this server.', errorAnswer),
    413: line('More than 1 MB.'),
    503: json(
      'The database does not take them now, or too many report at the same time: try again.',
      errorAnswer,
    ),
  },
}

const tailOperation: Operation = {
  method: 'get',
  path: '/api/v1/calls/tail',
  summary: 'Every call as it arrives, one JSON object per line. For programs of the same machine.',
  answers: {
    200: { description: 'Without end.', content: { type: 'application/x-ndjson' } },
    403: line('The client is on another machine.'),
    503: line('More than 32 readers at the same time, or more than the share of one address.'),
  },
}

/** Each in both methods, so that any tool can call. */
const heartbeatOperations = (['get', 'post'] as const).flatMap((method): Operation[] => {
  const parameters = [
    path('name', 'Name of the target.'),
    query('token', 'Required if the target has a token and it is not sent as a bearer token.'),
  ]
  const answers = {
    200: line('It is recorded.'),
    401: line('The token is missing or wrong.'),
    403: line('The request comes from a page of another site and has no token.'),
    404: line('There is no such heartbeat.'),
    413: line('The body is larger than 1 MiB.'),
    429: line('More than 60 calls in 10 s.'),
  }
  const root = '/api/v1/heartbeat/{name}'
  const event = path('event', 'start, fail, log, or the exit code of the job.')
  return [
    { method, path: root, summary: 'A job has succeeded.', parameters, answers },
    {
      method,
      path: `${root}/{event}`,
      summary: 'A job has begun, failed or ended.',
      parameters: [...parameters, event],
      answers,
    },
  ]
})

const peerOperation: Operation = {
  method: 'post',
  path: '/api/v1/peer',
  summary:
    'For the other solo of a pair: what one of them says to the other, in a form that changes with the version. Wants the scope peer.',
  body: { type: 'application/json' },
  answers: {
    200: { description: 'What this one says.', content: { type: 'application/json' } },
    400: json('It is of another version, or of this solo itself.', errorAnswer),
    404: json('This solo has no peer.', errorAnswer),
  },
}

const openApiOperation: Operation = {
  method: 'get',
  path: '/api/v1/openapi.json',
  summary: 'This document.',
  answers: { 200: { description: 'OpenAPI 3.1.', content: { type: 'application/json' } } },
}

/** `GET /api/v1/openapi.json`, from which clients can be generated: its paths start where it was found, below any prefix. */
export function openApiRoute(): Router {
  let document: object | undefined
  return Router().get('/api/v1/openapi.json', (_request, response) => {
    response.json((document ??= { ...openApiDocument(), servers: [{ url: '../..' }] }))
  })
}

/** Everything under /api/v1 of `probity exporter` and `probity solo`: docs/openapi.json. */
export function openApiDocument(): object {
  return openApi([
    ...statusOperations,
    reportOperation,
    checksOperation,
    explanationOperation,
    ...silencesOperations,
    ...marksOperations,
    commandRunsOperation,
    ...subscribersOperations,
    resultsOperation,
    callsOperation,
    tailOperation,
    ...heartbeatOperations,
    peerOperation,
    openApiOperation,
  ])
}
