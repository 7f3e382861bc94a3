import { z } from 'zod'
import { historyStates, type StatusSource } from '../status/status.ts'
import { time } from './scalars.ts'

const history = z
  .enum(historyStates)
  .describe(
    'none: results are not stored; starting: the store is being opened; ready; unavailable: the store did not answer, so its part is missing.',
  )

/** The shape of it, as fields of an answer. */
export const pastShape = {
  history,
  pendingSince: time
    .optional()
    .describe(
      'Results from then on are stored but not added up yet: days, hours and incidents are without them. Absent: everything is added up, but for the last minute.',
    ),
}

/** What every answer says about the past that is in it. */
export function pastState(source: Pick<StatusSource, 'history' | 'pendingSince'>) {
  const pendingSince = source.pendingSince()
  return { history: source.history(), ...(pendingSince && { pendingSince }) }
}
