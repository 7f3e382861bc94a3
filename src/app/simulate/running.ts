import { inOrder, type CheckRange, type StoredCheck } from '../../history/reads/checks.ts'
import { askRunning } from '../report/running.ts'

/**
 * Asks the process that has the folder of a history for its checks, slice by slice.
 *
 * @throws ProbityError as `askRunning`.
 */
export function askForChecks(folder: string, range: CheckRange): AsyncIterable<readonly StoredCheck[]> {
  return inOrder(range, async ({ from, to }) => {
    const pages: StoredCheck[][] = []
    for (let next = from; next < to;) {
      const query = { from: next.toISOString(), to: to.toISOString() }
      const answer = await askRunning(folder, '/api/v1/checks', query)
      const { checks, until } = (await answer.json()) as { checks: StoredCheck[]; until: string }
      pages.push(checks)
      next = new Date(until)
    }
    return pages.flat()
  })
}
