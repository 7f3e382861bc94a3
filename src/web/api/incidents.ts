import { Router } from 'express'
import { ProbityError } from '../../lib/errors.ts'
import type { ApiContext } from './context.ts'
import { pastState } from './past-state.ts'
import { json, type Operation } from './operation.ts'
import { count, moment, readQuery, text } from './query.ts'
import { errorAnswer, incidentsAnswer } from './shapes.ts'

const defaultLimit = 100

const parameters = {
  from: moment('from', 'Leaves out incidents that had ended by then.'),
  to: moment('to', 'Leaves out incidents that had not begun by then.'),
  target: text('target', 'Only of this target. Empty if there is no such target.'),
  limit: count('limit', `Maximum number. Default ${defaultLimit}.`, 1000),
}

export const incidentsOperation: Operation = {
  method: 'get',
  path: '/api/v1/incidents',
  summary: 'Incidents with the evidence of their first and last failure, the newest first.',
  parameters: Object.values(parameters).map(({ doc }) => doc),
  answers: { 200: json('The incidents.', incidentsAnswer), 400: json('What is wrong.', errorAnswer) },
}

export function incidentsRoute({ source, now }: ApiContext): Router {
  return Router().get('/api/v1/incidents', async (request, response) => {
    const query = readQuery(request.query, parameters)
    if (query.from && query.to && query.from >= query.to) {
      throw new ProbityError(
        'QUERY_INVALID',
        `from is not before to: ${query.from.toISOString()}, ${query.to.toISOString()}`,
      )
    }
    const incidents = await source.incidents({ limit: defaultLimit, ...query })
    response.json({ generatedAt: new Date(now()), ...pastState(source), incidents })
  })
}
