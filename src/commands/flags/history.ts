import type { Retention } from '../../history/upkeep.ts'
import { ProbityError } from '../../lib/errors.ts'
import { parseDuration } from '../../settings/values/duration.ts'
import { argument, flag } from './flags.ts'

/** `--history.raw-retention`, in days. */
export const rawRetentionFlag = () =>
  flag('--history.raw-retention <duration>', 'how long the history keeps individual checks')
    .argParser(argument(parseDays))
    .default(30, '30d')

/** `--history.hourly-retention`, in days. */
export const hourlyRetentionFlag = () =>
  flag('--history.hourly-retention <duration>', 'how long it keeps hours; days are kept forever')
    .argParser(argument(parseDays))
    .default(400, '400d')

function parseDays(text: string): number {
  const days = (parseDuration(text) ?? 0) / 86_400
  if (days >= 1) return days
  throw new ProbityError(
    'RETENTION_INVALID',
    `"${text}" is not a valid retention: expected 1d or more, such as 30d`,
  )
}

/** What the flags above say. */
export function retentionOf(flags: {
  readonly 'history.rawRetention': number
  readonly 'history.hourlyRetention': number
}): Retention {
  return { rawDays: flags['history.rawRetention'], hourlyDays: flags['history.hourlyRetention'] }
}
