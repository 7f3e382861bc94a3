import { Router } from 'express'
import type { ApiContext } from './context.ts'
import { unknownTarget } from './errors.ts'
import { pastState } from './past-state.ts'
import { json, type Operation, type Parameter } from './operation.ts'
import { readQuery } from './query.ts'
import { errorAnswer, formerTargetAnswer, targetAnswer } from './shapes.ts'

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
    410: json('The target is no longer watched: its past.', formerTargetAnswer),
  },
}

export function targetRoute({ source, now }: ApiContext): Router {
  return Router().get('/api/v1/targets/:name', async (request, response) => {
    readQuery(request.query, {})
    const { name } = request.params
    const target =
      (await source.target(name)) ??
      (await source.callsTarget(name)) ??
      (await source.elsewhere()).find((each) => each.name === name)
    if (!target) {
      const formerTarget = await source.former(name)
      if (!formerTarget) throw unknownTarget(name)
      const error = `target ${JSON.stringify(name)} is no longer watched`
      response.status(410).json({ error, formerTarget })
      return
    }
    response.json({ generatedAt: new Date(now()), ...pastState(source), target })
  })
}
