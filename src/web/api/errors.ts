import type { ErrorRequestHandler } from 'express'
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

/** Answers what the asker did wrong with one line, in JSON. Whatever else is thrown is not its business. */
export const apiErrors: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  const status = error instanceof ProbityError ? statuses[error.code] : undefined
  if (!(error instanceof ProbityError) || status === undefined || response.headersSent) next(error)
  else response.status(status).json({ error: error.message })
}

/** There is no such target, or it is not public. */
export function unknownTarget(name: string): ProbityError {
  return new ProbityError('TARGET_UNKNOWN', `there is no target ${JSON.stringify(name.slice(0, 200))}`)
}
