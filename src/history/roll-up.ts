import { codeOf } from '../lib/errors.ts'
import type { Sql } from './sql.ts'

/** How much a step takes at most: the oldest of the marks, and the checks of the hours that they are in. */
interface Step {
  readonly marks: number
  readonly rows: number
}

const largest: Step = { marks: 2000, rows: 40_000 }
const first: Step = { marks: 500, rows: 10_000 }
const smallest: Step = { marks: 1, rows: 1 }

/** Milliseconds: a step that takes longer is followed by a smaller one, and one that takes much less by a larger one. */
const wantedMs = 1000

/** What `probity.roll` returns where another process is doing it. */
const elsewhere = -1

export interface RollUpOptions {
  /** Asked before each step. Default: never. */
  readonly cancelled?: () => boolean
  /** Milliseconds, for how long a step takes. Default: the process's own clock. */
  readonly monotonic?: () => number
}

/**
 * Brings the rollups up to date, in steps, each of which is a transaction. A step that the database cancels, because it has
 * taken too long, is taken again at half the size.
 *
 * @returns `done`, `elsewhere` where another process is doing it, or `cancelled`.
 * @throws Whatever the database said; what was added up by then stays.
 */
export async function rollUp(
  sql: Pick<Sql, 'query'>,
  { cancelled = () => false, monotonic = () => performance.now() }: RollUpOptions = {},
): Promise<'done' | 'elsewhere' | 'cancelled'> {
  let step = first
  while (!cancelled()) {
    const start = monotonic()
    const marks = await take(sql, step)
    if (marks === 0) return 'done'
    if (marks === elsewhere) return 'elsewhere'
    if (marks === undefined) step = scaled(step, 0.5)
    else step = next(step, monotonic() - start)
  }
  return 'cancelled'
}

/** @returns How many marks were taken; undefined where the database has cancelled it. */
async function take(sql: Pick<Sql, 'query'>, step: Step): Promise<number | undefined> {
  try {
    const [row] = await sql.query<{ marks: number }>('select probity.roll($1, $2) as marks', [
      step.marks,
      step.rows,
    ])
    return row?.marks
  } catch (error) {
    if (!isCancelled(error) || step.marks === smallest.marks) throw error
    return undefined
  }
}

/** SQLSTATE `query_canceled`, as a statement timeout has it, https://www.postgresql.org/docs/current/errcodes-appendix.html. */
function isCancelled(error: unknown): boolean {
  return codeOf(error) === '57014'
}

function next(step: Step, tookMs: number): Step {
  if (tookMs > wantedMs) return scaled(step, 0.5)
  return tookMs < wantedMs / 4 ? scaled(step, 2) : step
}

function scaled(step: Step, factor: number): Step {
  const within = (of: keyof Step): number =>
    Math.min(largest[of], Math.max(smallest[of], Math.floor(step[of] * factor)))
  return { marks: within('marks'), rows: within('rows') }
}
