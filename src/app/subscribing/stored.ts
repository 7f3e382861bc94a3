import { openPlace } from '../report/open-place.ts'
import { askRunning } from '../report/running.ts'
import type { HistoryPlace } from '../recording/recording.ts'
import {
  listSubscribers,
  removeSubscribers,
  type Subscriber,
  type SubscribersAsked,
} from '../../history/subscribers/subscribers.ts'
import { codeOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import { subscribersAnswer, subscribersPath } from '../../web/api/subscribers.ts'

/**
 * Lists subscribers, or forgets them: in the database, or by the process that has it open.
 *
 * @returns Those that there are, or were.
 * @throws ProbityError as `openPlace` and `askRunning`.
 */
export async function storedSubscribers(
  place: HistoryPlace,
  work: 'list' | 'remove',
  asked: SubscribersAsked,
  log: Logger,
): Promise<readonly Subscriber[]> {
  try {
    const sql = await openPlace(place, log)
    try {
      return await (work === 'list' ? listSubscribers : removeSubscribers)(sql, asked)
    } finally {
      await sql.close()
    }
  } catch (error) {
    if (codeOf(error) !== 'FOLDER_LOCKED') throw error
    const { page, address } = asked
    const parameters = { ...(page !== undefined && { page }), ...(address !== undefined && { address }) }
    const method = work === 'list' ? 'GET' : 'DELETE'
    const answer = await askRunning(place.folder, subscribersPath, parameters, method)
    const { subscribers } = subscribersAnswer.parse(await answer.json())
    return subscribers.map(({ askedAt, confirmedAt, ...one }) => ({
      ...one,
      askedAt: new Date(askedAt),
      ...(confirmedAt !== undefined && { confirmedAt: new Date(confirmedAt) }),
    }))
  }
}
