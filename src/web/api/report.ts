import { Router, type Request } from 'express'
import { ProbityError } from '../../lib/errors.ts'

/** What is asked for. Whoever makes the report says what is wrong with it. */
export interface ReportQuery {
  readonly month?: string
  readonly vendor?: string
  readonly timeZone?: string
  /** Default `json`. */
  readonly format?: string
}

export interface ReportRouteOptions {
  /**
   * Makes the report.
   *
   * @throws ProbityError About the question: `MONTH_INVALID`, `TIME_ZONE_UNKNOWN`, `VENDOR_UNKNOWN`, `FORMAT_UNKNOWN`.
   */
  readonly report: (query: ReportQuery) => Promise<{ readonly format: string; readonly text: string }>
}

const contentTypes: Readonly<Record<string, string>> = {
  text: 'text/plain; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
  html: 'text/html; charset=utf-8',
}

const mistakes = new Set([
  'QUERY_INVALID',
  'MONTH_INVALID',
  'TIME_ZONE_UNKNOWN',
  'VENDOR_UNKNOWN',
  'FORMAT_UNKNOWN',
])

/** The names of the parameters, as they are written in a URL. */
const parameters = { month: 'month', vendor: 'vendor', time_zone: 'timeZone', format: 'format' } as const

/** `GET /api/v1/report?month=&vendor=&time_zone=&format=`: the report of `probity report`. */
export function reportRoute({ report }: ReportRouteOptions): Router {
  return Router().get('/api/v1/report', async (request, response) => {
    try {
      const { format, text } = await report(readQuery(request.query))
      response.set('Content-Type', contentTypes[format]).set('Cache-Control', 'no-store').send(text)
    } catch (error) {
      if (!(error instanceof ProbityError) || !mistakes.has(error.code)) throw error
      response.status(400).json({ error: error.message })
    }
  })
}

function readQuery(query: Request['query']): ReportQuery {
  const read: Partial<Record<keyof ReportQuery, string>> = {}
  for (const [name, value] of Object.entries(query)) {
    if (!isParameter(name)) {
      const known = Object.keys(parameters).join(', ')
      throw new ProbityError('QUERY_INVALID', `unknown parameter ${JSON.stringify(name)}: expected ${known}`)
    }
    if (typeof value !== 'string') throw new ProbityError('QUERY_INVALID', `${name} is given more than once`)
    read[parameters[name]] = value
  }
  return read
}

function isParameter(name: string): name is keyof typeof parameters {
  return Object.hasOwn(parameters, name)
}
