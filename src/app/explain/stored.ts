import { readChecks, type CheckRange } from '../../history/reads/checks.ts'
import type { StoredCheck } from '../../history/reads/checks.ts'
import type { Statements } from '../../history/sql.ts'
import { codeOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { HistoryPlace } from '../recording/recording.ts'
import { openPlace } from '../report/open-place.ts'
import { askRunning } from '../report/running.ts'
import type { PastChecks } from './explain.ts'

/** The checks that a database holds. */
export function storedChecks(sql: Pick<Statements, 'query'>): PastChecks {
  return { read: (range, names) => readChecks(sql, dates(range), undefined, names) }
}

/**
 * Uses the checks that a database holds, also where the process that has it open runs.
 *
 * @throws ProbityError as `openPlace` and `askRunning`.
 */
export async function withPlace<T>(
  place: HistoryPlace,
  log: Logger,
  use: (past: PastChecks) => Promise<T>,
): Promise<T> {
  const sql = await openPlace(place, log).catch((error: unknown) => {
    if (codeOf(error) !== 'FOLDER_LOCKED') throw error
  })
  if (!sql) return use(runningChecks(place.folder))
  try {
    return await use(storedChecks(sql))
  } finally {
    await sql.close()
  }
}

/** Asks for the checks of single targets, so that a range may be long. */
function runningChecks(folder: string): PastChecks {
  async function pages({ from, to }: CheckRange, only: Record<string, string>): Promise<StoredCheck[]> {
    const found: StoredCheck[][] = []
    for (let next = from; next < to;) {
      const query = { from: next.toISOString(), to: to.toISOString(), ...only }
      const answer = await askRunning(folder, '/api/v1/checks', query)
      const { checks, until } = (await answer.json()) as { checks: StoredCheck[]; until: string }
      found.push(checks)
      next = new Date(until)
    }
    return found.flat()
  }
  return {
    async read(range, names) {
      const asked = names?.map((target) => pages(dates(range), { target })) ?? [pages(dates(range), {})]
      return (await Promise.all(asked)).flat()
    },
  }
}

function dates({ from, to }: { readonly from: number; readonly to: number }): CheckRange {
  return { from: new Date(from * 1000), to: new Date(to * 1000) }
}
