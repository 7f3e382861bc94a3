import type { CommandRun } from '../../lib/command-run/run.ts'
import type { Logger } from '../../lib/logger.ts'
import { within } from '../../lib/time/within.ts'
import { keepNewest } from '../keep-newest.ts'
import { storable } from '../row.ts'
import type { Statements } from '../sql.ts'

/** Stores runs in the background, and goes on trying while the database is away. */
export interface CommandRunKeeper {
  /** Never waits, never throws. */
  readonly add: (run: CommandRun) => void
  /** Writes what waits, unless the database takes longer than a second. */
  readonly stop: () => Promise<void>
}

/** Runs that wait for the database at most; the oldest are lost. */
const mostWaiting = 1000

const lastWriteMs = 1000

// Reported twice, it is there once.
const insert = `
  insert into probity.command_runs
    (id, channel, alertname, target, location, vendor, fingerprint, alert_started_at, occasion, repairs, about_failure,
     started_at, duration_seconds, outcome, exit_code, failure, output)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
  on conflict do nothing`

/** Stores a run. @throws Whatever the database said. */
export async function writeCommandRun(sql: Pick<Statements, 'query'>, run: CommandRun): Promise<void> {
  const names = [run.channel, run.alertname, run.target, run.location, run.vendor, run.fingerprint]
  await sql.query(insert, [
    run.id,
    ...names.map(storable),
    run.alertStartedAt,
    run.occasion,
    run.repairs,
    run.aboutFailure,
    run.startedAt,
    run.durationSeconds,
    run.outcome,
    run.exitCode ?? null,
    run.failure === undefined ? null : storable(run.failure),
    storable(run.output),
  ])
}

export function keepCommandRuns(options: {
  readonly sql: Pick<Statements, 'query'>
  readonly log: Logger
  readonly retryMs?: number
}): CommandRunKeeper {
  let waiting: readonly CommandRun[] = []

  async function write(runs: readonly CommandRun[]): Promise<void> {
    for (const run of runs) await writeCommandRun(options.sql, run)
    waiting = waiting.filter((run) => !runs.includes(run))
  }

  const keeper = keepNewest<readonly CommandRun[]>({
    ...options,
    what: 'the runs of commands are not stored yet',
    write,
  })
  return {
    add(run) {
      waiting = [...waiting, run].slice(-mostWaiting)
      keeper.set(waiting)
    },
    async stop() {
      keeper.stop()
      if (waiting.length > 0)
        await within(write(waiting), lastWriteMs, () => undefined).catch(() => undefined)
    },
  }
}
