import { codeOf } from '../../lib/errors.ts'

/**
 * Whether the database refused what it was given, so that it will refuse it again: SQLSTATE classes 22 (data), 23 (integrity)
 * and 54 (its limits, such as the length of what an index holds), https://www.postgresql.org/docs/current/errcodes-appendix.html. Anything else may pass.
 */
export function isRefusal(error: unknown): boolean {
  return /^(?:22|23|54)[0-9A-Z]{3}$/.test(codeOf(error) ?? '')
}
