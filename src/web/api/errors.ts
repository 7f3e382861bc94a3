import type { ErrorRequestHandler } from 'express'
import * as z from 'zod'
import { ProbityError } from '../../lib/errors.ts'

/** Errors that are the asker's, and the status that says so. */
const statuses: Readonly<Record<string, number>> = {
  QUERY_INVALID: 400,
  SILENCE_INVALID: 400,
  LINK_INVALID: 404,
  RESULTS_INVALID: 400,
  MARK_INVALID: 400,
  COMMAND_RUN_INVALID: 400,
  LOCATION_TAKEN: 409,
  LOCATION_UNKNOWN: 404,
  TARGET_UNKNOWN: 404,
  SILENCE_UNKNOWN: 404,
  SILENCES_TOO_MANY: 409,
  ALERTMANAGER_REFUSED: 502,
  ALERTMANAGER_UNREACHABLE: 502,
  STATE_UNWRITABLE: 503,
  RESULTS_NOT_STORED: 503,
  SUBSCRIBERS_UNAVAILABLE: 503,
  MARK_NOT_STORED: 503,
}

/** What is thrown where a body cannot be read, https://github.com/expressjs/body-parser#errors. */
const bodyError = z.object({
  type: z.string(),
  status: z.int().min(400).max(499),
  message: z.string(),
  limit: z.number().optional(),
})

/** Answers what the asker did wrong with one line, in JSON. Whatever else is thrown is not its business. */
export const apiErrors: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  const fault = faultOf(error)
  if (fault === undefined || response.headersSent) next(error)
  else response.status(fault.status).json({ error: fault.words })
}

function faultOf(error: unknown): { readonly status: number; readonly words: string } | undefined {
  if (error instanceof ProbityError) {
    const status = statuses[error.code]
    return status === undefined ? undefined : { status, words: error.message }
  }
  const { data } = bodyError.safeParse(error)
  if (!data) return undefined
  const { type, status, message, limit } = data
  if (type === 'entity.parse.failed') return { status, words: `the body is not JSON: ${message}` }
  if (type === 'entity.too.large')
    return { status, words: `the body is too large: expected at most ${limit ?? 0} bytes` }
  return { status, words: message }
}

/** There is no such target, or it is not public. */
export function unknownTarget(name: string): ProbityError {
  return new ProbityError('TARGET_UNKNOWN', `there is no target ${JSON.stringify(name.slice(0, 200))}`)
}
