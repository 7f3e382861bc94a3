import { inOrder, type CheckRange, type StoredCheck } from '../../history/reads/checks.ts'
import { askRunning } from '../report/running.ts'

/**
 * Asks the process that has the folder of a history for its checks, slice by slice.
 *
 * @throws ProbityError as `askRunning`.
 */
export function askForChecks(folder: string, range: CheckRange): AsyncIterable<readonly StoredCheck[]> {
  return inOrder(range, async ({ from, to }) => {
    const answer = await askRunning(folder, '/api/v1/checks', {
      from: from.toISOString(),
      to: to.toISOString(),
    })
    const { checks } = (await answer.json()) as { checks: StoredCheck[] }
    return checks
  })
}
