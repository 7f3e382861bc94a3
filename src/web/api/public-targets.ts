import { Router } from 'express'
import { publicPaths } from '../public/paths.ts'
import { pageAt, publicStatus } from '../status/public-targets.ts'
import type { ApiContext } from './context.ts'
import { json, type Operation } from './operation.ts'
import { readQuery } from './query.ts'
import { errorAnswer, publicTargetsAnswer } from './shapes.ts'

export const publicTargetsOperation: Operation = {
  method: 'get',
  path: '/public/api/v1/targets',
  summary:
    'Names, states and days of the targets of a page of web.public, in the same way below the path of every page.',
  answers: {
    200: json('The targets.', publicTargetsAnswer),
    400: json('What is wrong.', errorAnswer),
    404: { description: 'There is no public page.' },
  },
}

export function publicTargetsRoute({ source }: ApiContext): Router {
  return Router().get(publicPaths('/api/v1/targets'), async (request, response, next) => {
    const page = pageAt(source, request.path)
    if (!page) {
      next()
      return
    }
    readQuery(request.query, {})
    response.json({ targets: await publicStatus(source, page) })
  })
}
