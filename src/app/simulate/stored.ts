import { inOrder, readChecks } from '../../history/reads/checks.ts'
import { codeOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Clock } from '../../lib/time/clock.ts'
import { openPlace } from '../report/open-place.ts'
import type { HistoryPlace } from '../recording/recording.ts'
import { askForChecks } from './running.ts'
import { simulate, type Simulation, type SimulationRequest } from './simulate.ts'

/** What a database holds of a time. */
export interface StoredPast {
  /** Unix seconds. */
  readonly from: number
  readonly to: number
  /** Reads it, in the order in which the checks ended; may be called again. */
  readonly checks: () => SimulationRequest['checks']
}

export interface StoredRequest {
  readonly place: HistoryPlace
  /** Seconds. */
  readonly since: number
}

/** Seconds that the rules look back at most: an alert at the beginning may be about checks before it. */
const lookBack = 3 * 86_400

/** Plays what a database holds, also where the process that has it open runs. @throws ProbityError as `withStored`. */
export function simulatePlace(
  { candidates, short, ...stored }: StoredRequest & Pick<SimulationRequest, 'candidates' | 'short'>,
  tools: { readonly clock: Clock; readonly log: Logger },
): Promise<Simulation> {
  return withStored(stored, tools, ({ from, to, checks }) =>
    simulate({ candidates, from, to, short, checks: checks() }),
  )
}

/**
 * Opens a database for as long as `use` takes, or asks the process that has it open.
 *
 * @throws ProbityError as `openPlace` and `askForChecks`.
 */
export async function withStored<T>(
  { place, since }: StoredRequest,
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
  use: (past: StoredPast) => Promise<T>,
): Promise<T> {
  const to = clock.now() / 1000
  const from = to - since
  const range = { from: new Date((from - lookBack) * 1000), to: new Date(to * 1000) }
  const sql = await openPlace(place, log).catch((error: unknown) => {
    if (codeOf(error) !== 'FOLDER_LOCKED') throw error
  })
  if (!sql) return use({ from, to, checks: () => askForChecks(place.folder, range) })
  try {
    return await use({ from, to, checks: () => inOrder(range, (slice) => readChecks(sql, slice)) })
  } finally {
    await sql.close()
  }
}
