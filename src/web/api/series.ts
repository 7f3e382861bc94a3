import { Router } from 'express'
import type { ApiContext } from './context.ts'
import { unknownTarget } from './errors.ts'
import { pastState } from './past-state.ts'
import { json, type Operation } from './operation.ts'
import { checkRange, moment, readQuery } from './query.ts'
import { errorAnswer, seriesAnswer } from './shapes.ts'
import { nameParameter } from './target.ts'

const dayMs = 86_400_000
const mostDays = 400

const parameters = {
  from: moment('from', 'Default: a day before the end.'),
  to: moment('to', 'Default: now.'),
}

export const seriesOperation: Operation = {
  method: 'get',
  path: '/api/v1/targets/{name}/series',
  summary: `Latency over time, of at most ${mostDays} days.`,
  parameters: [nameParameter, parameters.from.doc, parameters.to.doc],
  answers: {
    200: json('The points, in order of time.', seriesAnswer),
    400: json('What is wrong.', errorAnswer),
    404: json('There is no such target.', errorAnswer),
  },
}

export function seriesRoute({ source, now }: ApiContext): Router {
  return Router().get('/api/v1/targets/:name/series', async (request, response) => {
    const { name } = request.params
    const { to = new Date(now()), from = new Date(to.getTime() - dayMs) } = readQuery(
      request.query,
      parameters,
    )
    checkRange({ from, to }, { ms: mostDays * dayMs, name: `${mostDays} days` })
    const series = await source.series(name, { from, to })
    if (!series) throw unknownTarget(name)
    response.json({ ...pastState(source), ...series })
  })
}
