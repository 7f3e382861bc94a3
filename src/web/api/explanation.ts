import { Router } from 'express'
import { z } from 'zod'
import type { Explain } from '../status/explained.ts'
import { apiErrors, unknownTarget } from './errors.ts'
import { json, type Operation } from './operation.ts'
import { moment, readQuery } from './query.ts'
import { errorAnswer, named } from './shapes.ts'
import { nameParameter } from './target.ts'

const time = z.number().describe('Unix time in seconds.')

const condition = z.strictObject({
  what: z.string().describe('A sentence with {} in the place of the value.'),
  value: z.number().optional().describe('Absent if there is none.'),
  unit: z.enum(['seconds', 'ratio', 'count']).optional(),
  takes: z.enum(['more than', 'at least', 'less than', 'at most']).optional(),
  limit: z.number().optional().describe('Absent if no limit is set.'),
  key: z.string().optional().describe('The key of targets.yml that the limit comes from.'),
  holds: z.boolean(),
  falls: z.literal(true).optional().describe('The value falls by one each second.'),
  absent: z.literal(true).optional().describe('Nothing was seen that the rule could judge.'),
})

const rule = named(
  'ExplainedRule',
  z.strictObject({
    alertname: z.string(),
    severity: z.string(),
    labels: z.record(z.string(), z.string()).describe('What tells it from other alerts of its name.'),
    state: z.enum(['firing', 'pending', 'held back', 'quiet']),
    since: time.optional().describe('Since when it fires or is pending, Unix time in seconds.'),
    summary: z.string().optional(),
    holdsFor: z.number().optional().describe('Seconds for which its conditions have to hold.'),
    ways: z.array(z.array(condition)).describe('The alert fires if all conditions of one way hold.'),
    holds: z.array(
      z.strictObject({
        kind: z.string(),
        by: z.string().optional(),
        why: z.string().optional(),
        until: time.optional(),
      }),
    ),
    channels: z
      .array(
        z.strictObject({
          name: z.string(),
          quiet: z.literal(true).optional(),
          after: z.number().optional().describe('Seconds without an acknowledgement.'),
        }),
      )
      .optional()
      .describe('Who is notified besides the alerts log. Absent if another program decides it.'),
    beginsAt: time.optional().describe('When it begins if every check ends like the newest one.'),
    endsAt: time.optional().describe('When it ends if every check ends like the newest one.'),
  }),
)

export const explanationAnswer = named(
  'Explanation',
  z.strictObject({
    locations: z.array(
      z.strictObject({
        target: z.string(),
        location: z.string(),
        at: time,
        newest: z
          .strictObject({
            at: time,
            success: z.boolean(),
            durationSeconds: z.number(),
            reason: z.string().optional(),
            message: z.string().optional(),
          })
          .optional(),
        checks: z.int().describe('Checks that were looked at.'),
        since: time.optional(),
        horizon: z.number().describe('Seconds that were looked ahead.'),
        rules: z.array(rule),
        origins: z.record(z.string(), z.string()).describe('Where each limit was written.'),
        unknown: z.array(z.string()).describe('The alerts that are not explained.'),
      }),
    ),
  }),
)

const parameters = { at: moment('at', 'Default: now.') }

export const explanationOperation: Operation = {
  method: 'get',
  path: '/api/v1/targets/{name}/explanation',
  summary: 'Why alerts about a target fire or do not. Only if results are stored.',
  parameters: [nameParameter, ...Object.values(parameters).map(({ doc }) => doc)],
  answers: {
    200: json('For each location that the target was checked from.', explanationAnswer),
    400: json('What is wrong.', errorAnswer),
    404: json('There is no such target with a check, or the store is not open yet.', errorAnswer),
  },
}

export function explanationRoute(explain: Explain): Router {
  return Router()
    .get('/api/v1/targets/:name/explanation', async (request, response) => {
      const { at } = readQuery(request.query, parameters)
      const found = await explain(request.params.name, at)
      if (!found) throw unknownTarget(request.params.name)
      response.set('Cache-Control', 'no-store').json({ locations: found.map(({ data }) => data) })
    })
    .use(apiErrors)
}
