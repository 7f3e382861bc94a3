import { codeOf } from '../lib/errors.ts'

/**
 * Whether the database refused what it was given, so that it will refuse it again: SQLSTATE classes 22 (data) and 23 (integrity),
 * https://www.postgresql.org/docs/current/errcodes-appendix.html. Anything else may pass.
 */
export function isRefusal(error: unknown): boolean {
  return /^2[23][0-9A-Z]{3}$/.test(codeOf(error) ?? '')
}
