import { Router } from 'express'
import type { ApiContext } from './context.ts'
import { unknownTarget } from './errors.ts'
import { pastState } from './past-state.ts'
import { json, type Operation, type Parameter } from './operation.ts'
import { readQuery } from './query.ts'
import { errorAnswer, targetAnswer } from './shapes.ts'

export const nameParameter: Parameter = {
  name: 'name',
  in: 'path',
  description: 'Name of the target.',
  schema: { type: 'string' },
}

export const targetOperation: Operation = {
  method: 'get',
  path: '/api/v1/targets/{name}',
  summary: 'One target with everything that is known about it.',
  parameters: [nameParameter],
  answers: {
    200: json('The target.', targetAnswer),
    400: json('What is wrong.', errorAnswer),
    404: json('There is no such target.', errorAnswer),
  },
}

export function targetRoute({ source, now }: ApiContext): Router {
  return Router().get('/api/v1/targets/:name', async (request, response) => {
    readQuery(request.query, {})
    const { name } = request.params
    const target = await source.target(name)
    if (!target) throw unknownTarget(name)
    response.json({ generatedAt: new Date(now()), ...pastState(source), target })
  })
}
