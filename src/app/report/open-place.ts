import { existsSync } from 'node:fs'
import { migrate } from '../../history/migrate.ts'
import { openSql, storeWaiting } from '../../history/open.ts'
import type { Sql } from '../../history/sql.ts'
import { messageOf, ProbityError } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { HistoryPlace } from '../recording/recording.ts'

/**
 * Opens a database that no other process has open, with what a process that has ended left on the disk.
 *
 * @throws ProbityError `HISTORY_MISSING` where nothing was ever stored, `HISTORY_UNREACHABLE` where the server does not answer,
 * `FOLDER_LOCKED` when another process has the folder open.
 */
export async function openPlace(place: HistoryPlace, log: Logger): Promise<Sql> {
  const sql = await open(place, log)
  try {
    await migrate(sql).catch((cause: unknown) => {
      throw new ProbityError('HISTORY_UNREACHABLE', `cannot use the database: ${messageOf(cause)}`, { cause })
    })
    // What waits for a server is its exporter's to store.
    if (place.databaseUrl === undefined) await storeWaiting(place.folder, sql)
    return sql
  } catch (error) {
    await sql.close()
    throw error
  }
}

function open(place: HistoryPlace, log: Logger): Promise<Sql> {
  if (place.databaseUrl === undefined && !existsSync(place.folder)) {
    throw new ProbityError(
      'HISTORY_MISSING',
      `there is no history in ${place.folder}: set DATABASE_URL, or set --storage.path to its folder`,
    )
  }
  return openSql({ ...place, log })
}
