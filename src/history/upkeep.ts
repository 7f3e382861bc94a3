import { messageOf } from '../lib/errors.ts'
import type { Clock } from '../lib/time/clock.ts'
import type { Logger } from '../lib/logger.ts'
import { readPending, type Pending } from './pending.ts'
import { rollUp } from './roll-up.ts'
import type { Sql } from './sql.ts'

/** For how long each level is kept. */
export interface Retention {
  /** Days. Default 30: single checks go in whole months, when the newest of a month is older. */
  readonly rawDays?: number
  /** Days. Default 400. Days are kept forever. */
  readonly hourlyDays?: number
}

export interface UpkeepOptions {
  readonly sql: Sql
  /** Before it is, there is nothing to do. Default: it is. */
  readonly isOpen?: () => boolean
  readonly clock: Clock
  readonly log: Logger
  readonly retention?: Retention
  /** Milliseconds between two looks at what is new. Default 10 s. */
  readonly everyMs?: number
}

export interface Upkeep {
  /** Asks the database what is not added up. Never throws. */
  readonly measure: () => Promise<void>
  /** What was not added up when the database was last asked, which is as often as rollups are looked at. */
  readonly pending: () => Pending | undefined
  /** Finishes what runs. Safe to call twice. */
  readonly stop: () => Promise<void>
}

const dayMs = 86_400_000
const forgetEveryMs = 3_600_000

/** Keeps rollups up to date, makes next month's partition ahead, and forgets what is too old. */
export function startUpkeep(options: UpkeepOptions): Upkeep {
  const { sql, isOpen = () => true, clock, log, retention = {}, everyMs = 10_000 } = options
  let forgottenAt = -Infinity
  let working: Promise<void> | undefined
  let measuring: Promise<void> | undefined
  let pending: Pending | undefined
  let stopped = false
  let isLate = false

  async function look(): Promise<void> {
    try {
      await rollUp(sql, { cancelled: () => stopped })
      if (isLate) log.info('history: rollups are made again')
      isLate = false
      if (clock.monotonic() - forgottenAt < forgetEveryMs) return
      const now = clock.now()
      await sql.query('select probity.make_partitions($1, $2)', [iso(now), iso(now + 7 * dayMs)])
      await forget(sql, now, retention)
      forgottenAt = clock.monotonic()
    } catch (error) {
      if (!isLate) log.warn({ error: messageOf(error) }, 'history: rollups are late, trying again')
      isLate = true
    }
  }

  /** On its own, because the rollups may be busy for long. What the database does not say stays as it was. */
  function measure(): Promise<void> {
    return (measuring ??= readPending(sql)
      .then(
        (found) => {
          pending = found
        },
        () => undefined,
      )
      .finally(() => {
        measuring = undefined
      }))
  }

  const timer = setInterval(() => {
    if (!isOpen()) return
    void measure()
    working ??= look().finally(() => {
      working = undefined
    })
  }, everyMs)
  timer.unref()
  return {
    measure,
    pending: () => pending,
    async stop() {
      stopped = true
      clearInterval(timer)
      await Promise.all([working, measuring])
    },
  }
}

/** Forgets single checks and hours that are too old, and with the hours what commands did. Days stay. */
export async function forget(sql: Sql, now: number, retention: Retention = {}): Promise<void> {
  const { rawDays = 30, hourlyDays = 400 } = retention
  await sql.query('select probity.forget($1, $2)', [
    iso(now - rawDays * dayMs),
    iso(now - hourlyDays * dayMs),
  ])
}

function iso(time: number): string {
  return new Date(time).toISOString()
}
