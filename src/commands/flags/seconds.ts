import { ProbityError } from '../../lib/errors.ts'
import { parseDuration } from '../../settings/values/duration.ts'

/** Reads a duration that is not 0, as seconds. @throws ProbityError `DURATION_INVALID` */
export function seconds(text: string): number {
  const value = parseDuration(text) ?? 0
  if (value > 0) return value
  throw new ProbityError(
    'DURATION_INVALID',
    `"${text}" is not a valid duration: expected one such as 30d, 12h or 90s`,
  )
}
