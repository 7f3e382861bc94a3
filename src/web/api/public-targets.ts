import { Router } from 'express'
import { publicStatus } from '../status/public-targets.ts'
import type { ApiContext } from './context.ts'
import { json, type Operation } from './operation.ts'
import { readQuery } from './query.ts'
import { errorAnswer, publicTargetsAnswer } from './shapes.ts'

export const publicTargetsOperation: Operation = {
  method: 'get',
  path: '/public/api/v1/targets',
  summary: 'Names, states and days of the targets of web.public; 404 if the configuration names none.',
  answers: {
    200: json('The targets.', publicTargetsAnswer),
    400: json('What is wrong.', errorAnswer),
    404: { description: 'There is no public page.' },
  },
}

export function publicTargetsRoute({ source }: ApiContext): Router {
  return Router().get('/public/api/v1/targets', async (request, response, next) => {
    readQuery(request.query, {})
    const targets = await publicStatus(source)
    if (targets) response.json({ targets })
    else next()
  })
}
