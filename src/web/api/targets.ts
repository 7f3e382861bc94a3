import { Router } from 'express'
import type { ApiContext } from './context.ts'
import { pastState } from './past-state.ts'
import { json, type Operation } from './operation.ts'
import { readQuery } from './query.ts'
import { errorAnswer, targetsAnswer } from './shapes.ts'

export const targetsOperation: Operation = {
  method: 'get',
  path: '/api/v1/targets',
  summary:
    'All targets with their state, in the order of the configuration: first those that are checked, then those that are judged on calls alone, then those that only other locations watch.',
  answers: { 200: json('The targets.', targetsAnswer), 400: json('What is wrong.', errorAnswer) },
}

export function targetsRoute({ source, now }: ApiContext): Router {
  return Router().get('/api/v1/targets', async (request, response) => {
    readQuery(request.query, {})
    const targets = await source.overview()
    response.json({
      generatedAt: new Date(now()),
      ...pastState(source),
      targets: [...targets, ...source.calls(), ...(await source.elsewhere())],
    })
  })
}
