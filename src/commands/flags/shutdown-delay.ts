import { ProbityError } from '../../lib/errors.ts'
import { parseDuration } from '../../settings/values/duration.ts'
import { argument, flag } from './flags.ts'

const longestSeconds = 300

/** `--web.shutdown-delay`, in milliseconds. */
export const shutdownDelayFlag = () =>
  flag(
    '--web.shutdown-delay <duration>',
    'how long requests are still answered after SIGTERM, while /-/ready says that this exporter is stopping, so that proxies use others',
  )
    .argParser(argument(parseDelay))
    .default(0, '0s')

function parseDelay(text: string): number {
  const seconds = parseDuration(text)
  if (seconds !== undefined && seconds <= longestSeconds) return seconds * 1000
  throw new ProbityError('DELAY_INVALID', `"${text}" is not a valid delay: expected 0s to 5m, such as 20s`)
}
