import type { ErrorRequestHandler } from 'express'
import { codeOf, messageOf } from '../lib/errors.ts'
import type { Logger } from '../lib/logger.ts'

/** The status of each error that is expected: mostly mistakes of the asker. Whatever is not here is a bug of ours: 500. */
const statuses: Readonly<Record<string, number>> = {
  TARGET_MISSING: 400,
  PARAMETER_REPEATED: 400,
  TIMEOUT_HEADER_INVALID: 400,
  MODULE_UNKNOWN: 400,
  MODULE_UNUSABLE: 400,
  MODULE_NOT_APPLICABLE: 400,
  URL_INVALID: 400,
  TARGET_NOT_ALLOWED: 403,
  TARGET_UNKNOWN: 404,
  // As for a target that is not there: Prometheus, which does not find it at /sd, need not tell them apart.
  TARGET_PAUSED: 404,
  PROBER_BUSY: 503,
}

/** How an error is answered. */
export interface ErrorAnswer {
  readonly status: number
  /** One line, with its end. */
  readonly text: string
}

/** What an error is answered with; ours is logged. */
export function errorAnswer(error: unknown, log: Logger): ErrorAnswer {
  const known = statuses[codeOf(error) ?? '']
  const status = known ?? statusOf(error)
  const isBug = known === undefined && status >= 500
  if (isBug) log.error({ err: error }, 'request failed')
  const line = isBug ? 'internal error: see the log of Probity for details' : messageOf(error)
  // Terminals obey control characters, and part of the line is what the asker wrote.
  return { status, text: `${line.replace(/[\s\p{Cc}]+/gu, ' ')}\n` }
}

/** Answers every error with one line of text. */
export function errorLine(log: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error)
      return
    }
    const { status, text } = errorAnswer(error, log)
    response.status(status).type('text').send(text)
  }
}

/** Express' own errors (a malformed URL, a body too large) carry their status. */
function statusOf(error: unknown): number {
  const status = error instanceof Error && 'status' in error ? error.status : undefined
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500
}
