import { inOrder, readChecks } from '../../history/reads/checks.ts'
import { codeOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Clock } from '../../lib/time/clock.ts'
import { openPlace } from '../report/open-place.ts'
import type { HistoryPlace } from '../recording/recording.ts'
import { askForChecks } from './running.ts'
import { simulate, type Simulation, type SimulationRequest } from './simulate.ts'

export interface StoredRequest extends Pick<SimulationRequest, 'candidates' | 'short'> {
  readonly place: HistoryPlace
  /** Seconds. */
  readonly since: number
}

/** Seconds that the rules look back at most: an alert at the beginning may be about checks before it. */
const lookBack = 3 * 86_400

/**
 * Plays what a database holds, also where the process that has it open runs.
 *
 * @throws ProbityError as `openPlace` and `askForChecks`.
 */
export async function simulatePlace(
  { place, candidates, since, short }: StoredRequest,
  { clock, log }: { clock: Clock; log: Logger },
): Promise<Simulation> {
  const to = clock.now() / 1000
  const from = to - since
  const range = { from: new Date((from - lookBack) * 1000), to: new Date(to * 1000) }
  const play = (checks: SimulationRequest['checks']) => simulate({ candidates, from, to, short, checks })
  const sql = await openPlace(place, log).catch((error: unknown) => {
    if (codeOf(error) !== 'FOLDER_LOCKED') throw error
  })
  if (!sql) return play(askForChecks(place.folder, range))
  try {
    return await play(inOrder(range, (slice) => readChecks(sql, slice)))
  } finally {
    await sql.close()
  }
}
