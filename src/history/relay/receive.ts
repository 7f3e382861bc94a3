import { messageOf, ProbityError } from '../../lib/errors.ts'
import type { Clock } from '../../lib/time/clock.ts'
import { within } from '../../lib/time/within.ts'
import type { CheckRow } from '../row.ts'
import type { Sql } from '../sql.ts'
import { insertInHalves } from '../write/in-halves.ts'
import { insertResults } from '../write/insert.ts'
import { limitNames } from './names.ts'
import { fromReported, mostChecks, reportedBatch, type Received } from './wire.ts'

export interface ReceiverOptions {
  readonly sql: Sql
  /** Where this process itself probes from: nobody else writes to it. */
  readonly ownLocation: string
  /** Days for which single checks are kept. Default 30. */
  readonly rawDays?: number
  /** Counts what came from a location. */
  readonly received: (location: string, counts: Pick<Received, 'accepted' | 'refused'>) => void
  readonly clock: Pick<Clock, 'now'>
  /** Milliseconds that the database may take. Default 10 s. */
  readonly patienceMs?: number
  /** Targets that one location may report within a day. Default 10,000. */
  readonly mostNames?: number
}

/**
 * Stores what another location reports. What comes twice is stored once.
 *
 * @throws ProbityError `RESULTS_INVALID` for what is not a batch, `LOCATION_TAKEN`, and `RESULTS_NOT_STORED` where the database does not
 * take them: some may be stored then.
 */
export type Receive = (location: string, body: unknown) => Promise<Received>

const dayMs = 86_400_000

/** Clocks of different machines may differ by so much. */
const aheadMs = 5 * 60_000

/** Reasons that are answered with. */
const mostReasons = 10

/** Makes what stores the checks of other locations. */
export function createReceiver(options: ReceiverOptions): Receive {
  const { sql, ownLocation, rawDays = 30, received, clock, patienceMs = 10_000, mostNames = 10_000 } = options
  const mayReport = limitNames({ clock, most: mostNames })

  /** What is older could not be added up any more, and what is to come would be the newest until then. */
  function timeProblem({ checked_at: at }: CheckRow): string | undefined {
    const age = clock.now() - Date.parse(at)
    if (age < -aheadMs)
      return `at: is more than ${aheadMs / 60_000} minutes in the future: set the clock of the sender`
    return age >= rawDays * dayMs
      ? `at: is more than ${rawDays} days ago, which is older than what is kept`
      : undefined
  }

  const nameProblem = ({ location, target }: CheckRow): string | undefined =>
    mayReport(location, target)
      ? undefined
      : `target: this location has reported ${mostNames} other targets within a day, which is the most that is kept`

  return async (location, body) => {
    const { data } = reportedBatch.safeParse(body)
    if (!data)
      throw new ProbityError(
        'RESULTS_INVALID',
        `the body is not a batch of checks: expected {"checks": [...]} with 1 to ${mostChecks} of them`,
      )
    if (location === ownLocation)
      throw new ProbityError(
        'LOCATION_TAKEN',
        `the token has the name ${location}, which is the location of this server itself: create a token with another name`,
      )
    const rows: CheckRow[] = []
    const why = new Set<string>()
    let refused = 0
    const refuse = (words: string): void => {
      refused++
      if (why.size < mostReasons) why.add(words)
    }
    for (const check of data.checks) {
      const row = fromReported(check, location)
      const problem = typeof row === 'string' ? row : (timeProblem(row) ?? nameProblem(row))
      if (problem !== undefined) refuse(problem)
      else if (typeof row !== 'string') rows.push(row)
    }
    let accepted = 0
    const storing = insertInHalves(rows, {
      insert: (some) => insertResults(sql, some),
      stored(some) {
        accepted += some.length
      },
      refused(_row, error) {
        refuse(`the database refuses it: ${messageOf(error)}`)
      },
    })
    try {
      await within(storing, patienceMs, () => {
        throw new Error(`it took longer than ${patienceMs / 1000} s`)
      })
    } catch (cause) {
      throw new ProbityError(
        'RESULTS_NOT_STORED',
        `the database does not take them now: ${messageOf(cause)}`,
        { cause },
      )
    }
    received(location, { accepted, refused })
    return { location, accepted, refused, why: [...why] }
  }
}
