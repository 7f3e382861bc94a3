import type { ErrorCode } from './error-codes.ts'

/**
 * The base of every error that Probity itself raises. A subclass sets a literal `name` and passes a stable `code`, so
 * that callers branch on the code and never on the words.
 */
export class ProbityError extends Error {
  override name = 'ProbityError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The message of whatever was thrown, for a log line or for an answer to a person. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}

/** The `code` of whatever was thrown (`ECONNREFUSED`, `CONFIG_INVALID`), where it has one. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
