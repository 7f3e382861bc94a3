import { Router } from 'express'
import { ProbityError } from '../../lib/errors.ts'
import { apiErrors } from './errors.ts'
import { json, type Operation } from './operation.ts'
import { readQuery, text, word } from './query.ts'
import { errorAnswer } from './shapes.ts'

/** How the report is written, and what that is called over HTTP. */
const contentTypes = {
  json: 'application/json',
  text: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  html: 'text/html',
  mail: 'application/json',
} as const
type Format = keyof typeof contentTypes

const parameters = {
  month: text('month', 'Such as 2026-10. Default: the current month.'),
  period: text(
    'period',
    'Instead of a month: a week such as 2026-W44, or two times such as 2026-10-05T06:00:00Z/2026-10-12T06:00:00Z.',
  ),
  match: text('match', 'Only targets with these labels: vendor="stripe",target=~"api-.*". Default: all.'),
  vendor: text('vendor', 'Only this one. Default: all.'),
  time_zone: text('time_zone', 'IANA time zone of months and hours. Default UTC.'),
  format: word(
    'format',
    'The format; csv: the incidents only; mail: what `reports:` of notify.yml sends, as JSON. Default json.',
    Object.keys(contentTypes) as Format[],
  ),
}

export const reportOperation: Operation = {
  method: 'get',
  path: '/api/v1/report',
  summary:
    'The report of a month or another period, as `probity report` writes it. Only if results are stored.',
  parameters: Object.values(parameters).map(({ doc }) => doc),
  answers: {
    200: { description: 'The report, in the type of its format.', content: { type: '*/*' } },
    400: json('What is wrong.', errorAnswer),
  },
}

export interface ReportQuery {
  readonly month?: string
  readonly period?: string
  readonly match?: string
  readonly vendor?: string
  readonly timeZone?: string
  readonly format: Format
}

export interface ReportRouteOptions {
  /**
   * Makes the report.
   *
   * @throws ProbityError About the question: `MONTH_INVALID`, `PERIOD_INVALID`, `MATCH_INVALID`, `TIME_ZONE_UNKNOWN`,
   * `VENDOR_UNKNOWN`.
   */
  readonly report: (query: ReportQuery) => Promise<WrittenReport>
}

export interface WrittenReport {
  readonly text: string
  /** Results from then on are not added up yet. */
  readonly pendingSince?: Date
}

/** The header that says it in every format; CSV has no place for it. */
export const pendingSinceHeader = 'Probity-Pending-Since'

const mistakes = new Set([
  'MONTH_INVALID',
  'PERIOD_INVALID',
  'MATCH_INVALID',
  'TIME_ZONE_UNKNOWN',
  'VENDOR_UNKNOWN',
])

export function reportRoute({ report }: ReportRouteOptions): Router {
  return Router()
    .get(reportOperation.path, async (request, response) => {
      const { time_zone: timeZone, format = 'json', ...query } = readQuery(request.query, parameters)
      const made = await report({ ...query, ...(timeZone !== undefined && { timeZone }), format }).catch(
        asMistake,
      )
      if (made.pendingSince) response.set(pendingSinceHeader, made.pendingSince.toISOString())
      response.type(contentTypes[format]).set('Cache-Control', 'no-store').send(made.text)
    })
    .use(apiErrors)
}

function asMistake(error: unknown): never {
  if (!(error instanceof ProbityError) || !mistakes.has(error.code)) throw error
  throw new ProbityError('QUERY_INVALID', error.message, { cause: error })
}
