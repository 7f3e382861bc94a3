import express, { Router } from 'express'
import { z } from 'zod'
import { commandRun, type CommandRun } from '../../lib/command-run/run.ts'
import { ProbityError } from '../../lib/errors.ts'
import { apiErrors } from './errors.ts'
import { json, type Operation } from './operation.ts'
import { errorAnswer, named } from './shapes.ts'

export const commandRunsOperation: Operation = {
  method: 'post',
  path: '/api/v1/command-runs',
  summary:
    'For the notifier: says that a command ran for an alert, and what came of it. Wants the scope commands. A run that is reported twice counts once.',
  body: { type: 'application/json', shape: named('CommandRunReport', commandRun) },
  answers: {
    202: json('It is remembered, and stored if results are.', named('CommandRunTaken', z.strictObject({}))),
    400: json('What is wrong.', errorAnswer),
  },
}

/** `POST /api/v1/command-runs`: where `probity notifier` reports what its commands did. */
export function commandRunsRoute({ ran }: { readonly ran: (run: CommandRun) => void }): Router {
  return Router()
    .post('/api/v1/command-runs', express.json({ limit: '64kb', inflate: false }), (request, response) => {
      const parsed = commandRun.safeParse(request.body)
      if (!parsed.success) throw new ProbityError('COMMAND_RUN_INVALID', wordsOf(parsed.error))
      ran(parsed.data)
      response.status(202).set('Cache-Control', 'no-store').json({})
    })
    .use(apiErrors)
}

function wordsOf({ issues: [issue] }: z.ZodError): string {
  const where = issue?.path.map(String).join('.') ?? ''
  return where === ''
    ? 'the body is not the run of a command: expected a JSON object with Content-Type: application/json'
    : `${where.slice(0, 100)} is missing or is not valid: expected what a notifier of this version reports`
}
