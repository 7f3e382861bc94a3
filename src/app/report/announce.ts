import { messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { HistoryPlace } from '../recording/recording.ts'
import { announce, type Announced } from './running.ts'

/**
 * Says whom a report asks that runs next to this process: it cannot open the built-in database.
 *
 * @returns What takes it back.
 */
export async function announceReport(
  history: HistoryPlace | undefined,
  announced: Announced,
  log: Logger,
): Promise<() => Promise<void>> {
  if (!history || history.databaseUrl !== undefined) return () => Promise.resolve()
  try {
    return await announce(history.folder, announced)
  } catch (error) {
    log.warn(`probity report will not find this process: ${messageOf(error)}`)
    return () => Promise.resolve()
  }
}
