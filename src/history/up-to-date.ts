import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../lib/time/clock.ts'
import { readPending, type Pending } from './pending.ts'
import { rollUp } from './roll-up.ts'
import type { Sql } from './sql.ts'

export interface PatienceOptions {
  readonly clock: Pick<Clock, 'monotonic'>
  /** Milliseconds that it may take. Default 30 s. */
  readonly patienceMs?: number
}

/** Milliseconds until the next look at what another process does. */
const lookMs = 200

/**
 * Brings the rollups up to date, or waits for another process that does.
 *
 * @returns What is not added up when patience ends; undefined where everything is.
 * @throws Whatever the database said.
 */
export async function bringUpToDate(
  sql: Pick<Sql, 'query'>,
  { clock, patienceMs = 30_000 }: PatienceOptions,
): Promise<Pending | undefined> {
  const end = clock.monotonic() + patienceMs
  const cancelled = (): boolean => clock.monotonic() >= end
  while ((await rollUp(sql, { cancelled, monotonic: clock.monotonic })) !== 'done') {
    const pending = await readPending(sql)
    if (!pending || cancelled()) return pending
    await sleep(lookMs)
  }
  return undefined
}
